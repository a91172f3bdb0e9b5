"""Decisions that are none yet, letters nobody reads, and silence."""

from tests.stories.mails import FILLED, JANE, MACHINE, ON_HOLD, REVERSAL
from tests.stories.story import Story

MACHINE_S = "Acme Recruiting <no-reply@acme.example>"


def test_on_hold_filled_reversed(story: Story):
    """On hold, then filled, then taken back.

    A position on hold is no rejection, so nothing is written. Filled is one: Ana may ask what she could do better in
    interviews. When the employer takes the news back before she sent anything, the case ends; the draft is hers to
    delete.
    """
    story.begins("Monday 1 June 09:00")
    story.invited()
    story.at("Thursday 4 June 15:20")
    story.arrives(ON_HOLD)
    story.no_draft(why="Nothing is written: the decision is open.")
    story.at("Tuesday 9 June 11:00")
    filled = story.arrives(FILLED)
    story.draft(to=JANE, answers=filled)
    story.tells("drafted")
    story.at("Tuesday 9 June 11:40")
    story.arrives(REVERSAL)
    story.ends("closed", "reversed")


def test_no_reply(story: Story):
    """A machine says no, and the interviewer is asked.

    The notice comes from an address that nobody reads. The letter goes to the person who invited Ana. Jane may not even
    have heard the news, so the letter tells it first.
    """
    story.begins("Monday 1 June 09:00")
    invitation = story.invited()
    story.at("Thursday 4 June 15:20")
    story.arrives(MACHINE, sender=MACHINE_S, fresh=True, subject="Your application")
    story.draft(to=JANE, answers=invitation)
    story.tells("drafted")
    story.sends_the_draft()
    story.ends("awaiting_feedback")


def test_silence(story: Story):
    """Silence after an interview, an enquiry, and then the no.

    Off until it is turned on: five working days after the interview an enquiry about the timeline lies in Drafts. The
    answer is a no, and from here everything goes its usual way.
    """
    story.begins("Monday 1 June 09:00", enquire_after="5 working days")
    story.invited()
    story.at("Tuesday 9 June 09:30")
    story.draft(to=JANE)
    story.tells("drafted")
    story.sends_the_draft()
    story.at("Wednesday 10 June 14:00")
    notice = story.turned_down()
    story.draft(to=JANE, answers=notice)
    story.tells("drafted")
    story.sends_the_draft()
    story.ends("awaiting_feedback")
