"""What people write in the stories. The words of each are what an employer might really say."""

JANE = "Jane Doe <jane.doe@acme.example>"

RECEIPT = """Dear Ana,

thank you for your application as Data Engineer at Acme. We have received it and will come back to you within two weeks.

Kind regards
Jane Doe
Acme GmbH
"""

INVITATION = """Dear Ana,

thank you for your application as Data Engineer at Acme. We would like to invite you to an interview with me and Tom on
Wednesday at 10:00 in our office. Does that suit you?

Kind regards
Jane Doe
Acme GmbH
"""

REJECTION = """Dear Ana,

thank you for taking the time to interview with us for the Data Engineer position at Acme. We enjoyed our conversation.
After careful consideration we have decided to move forward with another candidate whose experience is closer to what
we need right now.

Kind regards
Jane Doe
Acme GmbH
"""

FILLED = """Dear Ana,

thank you again for the interview. The Data Engineer position at Acme has now been filled.

Kind regards
Jane Doe
Acme GmbH
"""

ON_HOLD = """Dear Ana,

a short note after your interview: the hiring for the Data Engineer position at Acme has been put on hold for now. We
will let you know as soon as it goes on.

Kind regards
Jane Doe
Acme GmbH
"""

REVERSAL = """Dear Ana,

please disregard our previous email, which was sent to you by mistake. Your application as Data Engineer at Acme is
still under consideration.

Kind regards
Jane Doe
Acme GmbH
"""

FEEDBACK = """Hi Ana,

happy to help. Your SQL was strong. What I would work on: in the system design part, talk about trade-offs earlier, and
give concrete numbers when you describe your projects.

Best
Jane
"""

MORE_FEEDBACK = """Hi Ana,

Tom just added something: in the live coding, say aloud what you are about to try before you type it. That would have
helped him follow you.

Best
Jane
"""

VAGUE = """Hi Ana,

thanks for asking. I think you should work on your communication skills.

Best
Jane
"""

EXAMPLE = """Hi Ana,

sure. When Tom asked how you would load the data, you spoke for six minutes before he knew which of the two ways you
meant. Say the answer first, then the reasons.

Best
Jane
"""

DECLINED = """Dear Ana,

thank you for your kind note. Unfortunately it is our policy not to give individual feedback to applicants. I wish you
all the best.

Kind regards
Jane Doe
"""

AWAY = """I am out of the office until 15 June with limited access to my mail.

Jane Doe
"""

LATER = """Hi Ana,

I am back and saw your note. I will ask Tom and get back to you by 26 June.

Best
Jane
"""

OFFER = """Dear Ana,

things have changed here since we last wrote, and we would be delighted to offer you the position of Data Engineer at
Acme. The contract is attached; please let me know what you think.

Kind regards
Jane Doe
"""

MACHINE = """Dear Ana,

thank you for your interest in the Data Engineer position at Acme. After careful consideration we have decided to
move forward with other candidates.

This is an automated message. Please do not reply to this email.

Acme Recruiting
"""
