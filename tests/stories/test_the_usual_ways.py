"""The ways most cases go."""

from tests.stories.mails import FEEDBACK, INVITATION, RECEIPT, REJECTION
from tests.stories.story import Story

JANE = "Jane Doe <jane.doe@acme.example>"


def test_the_plain_way(story: Story):
    """From the no to the thank-you.

    The plain way: an interview, a friendly no, a request for advice within the hour, an answer, a thank-you. Ana
    presses send twice; everything else is done by the time she looks.
    """
    story.begins("Monday 1 June 09:00")
    story.arrives(RECEIPT, fresh=True)
    story.at("Tuesday 2 June 11:30")
    story.arrives(INVITATION)
    story.at("Friday 5 June 10:12")
    notice = story.arrives(REJECTION)
    story.draft(to=JANE, answers=notice)
    story.tells("drafted")
    story.at("Friday 5 June 10:45")
    story.sends_the_draft()
    story.at("Monday 8 June 14:20")
    feedback = story.arrives(FEEDBACK)
    story.draft(to=JANE, answers=feedback)
    story.tells("drafted")
    story.sends_the_draft()
    story.ends("closed", "thanked")


def test_friday_evening(story: Story):
    """Rejected on Friday evening, the laptop closed until Monday, and no answer.

    The clock starts when the mail arrives in the mailbox, also while nobody is there to see it. On Monday morning the
    day is over: the letter is written all the same, marked late, and no reminder tells of hours that have passed. No
    answer comes. After seven working days a short note closes the matter; it asks nothing.
    """
    story.begins("Monday 1 June 09:00")
    story.invited()
    story.at("Friday 5 June 17:02")
    story.laptop_closes()
    story.at("Friday 5 June 17:40")
    notice = story.turned_down()
    story.laptop_opens("Monday 8 June 08:31")
    story.draft(to=JANE, answers=notice)
    story.tells("drafted")
    assert "late" in story.types("status")
    story.sends_the_draft()
    story.at("Tuesday 16 June 18:00")
    story.no_draft(why="Six working days after the letter it is too early.")
    story.at("Wednesday 17 June 09:00")
    story.draft(to=JANE)
    story.tells("drafted")
    story.sends_the_draft()
    story.ends("closed", "no_answer")
