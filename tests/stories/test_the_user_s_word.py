"""What Ana does with a draft, and what is done about it."""

from tests.stories.mails import JANE
from tests.stories.story import Story


def test_an_angry_edit(story: Story):
    """A draft edited in anger, read once more, and sent.

    A draft is Ana's to change, and Afterword never writes over her words. When they may be read as a reproach it says
    so, once; what she does about it is her decision.
    """
    story.begins("Monday 1 June 09:00")
    story.invited()
    story.at("Thursday 4 June 15:20")
    notice = story.turned_down()
    story.draft(to=JANE, answers=notice)
    story.tells("drafted")
    anger = "Frankly, I do not understand why you rejected me. After all the time I spent, you owe me an explanation."
    story.adds_to_the_draft(anger)
    story.tells("tone")
    story.types("show CASE", lines=3)
    story.takes_out_of_the_draft(anger)
    story.sends_the_draft()
    story.ends("awaiting_feedback")


def test_a_veto(story: Story):
    """A draft deleted, and asked for again.

    Deleting a draft is a no to that letter, and it is believed after ten minutes, since some mail programs show the
    sent copy late. Nothing comes back by itself. When Ana thinks better of it, she asks.
    """
    story.begins("Monday 1 June 09:00")
    story.invited()
    story.at("Thursday 4 June 15:20")
    notice = story.turned_down()
    story.draft(to=JANE, answers=notice, gist="the request for advice")
    story.tells("drafted")
    story.deletes_the_draft()
    story.minutes_pass(11)
    assert story.case.outcome == "discarded"
    story.at("Friday 5 June 08:40")
    story.no_draft(why="Nothing new lies in Drafts.")
    story.types("ask CASE")
    story.draft(to=JANE, answers=notice, gist="the request, in other words")
    story.tells("drafted")
    story.sends_the_draft()
    story.ends("awaiting_feedback")


def test_answered_by_herself(story: Story):
    """Answered before Afterword could.

    The computer was off, and Ana has answered from her phone. Her own mail counts: no draft is written beside it, and
    what Jane answers is the feedback.
    """
    story.begins("Monday 1 June 09:00")
    story.invited()
    story.laptop_closes()
    story.at("Thursday 4 June 15:20")
    story.turned_down()
    story.writes(
        "Dear Jane,\n\nthank you for telling me. Is there one thing that I could do better next time?\n\nAna\n"
    )
    story.laptop_opens("Thursday 4 June 19:05")
    story.no_draft(why="Nothing lies in Drafts: she has asked already.")
    story.ends("noted")
