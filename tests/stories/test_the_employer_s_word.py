"""What employers answer, or do not."""

from tests.stories.mails import (
    AWAY,
    DECLINED,
    EXAMPLE,
    FEEDBACK,
    JANE,
    LATER,
    MORE_FEEDBACK,
    OFFER,
    VAGUE,
)
from tests.stories.story import Story


def asked(story: Story) -> None:
    """An interview, the no on a Thursday, and the request sent within the hour."""
    story.begins("Monday 1 June 09:00")
    story.invited()
    story.at("Thursday 4 June 15:20")
    notice = story.turned_down()
    story.draft(to=JANE, answers=notice, gist="the request for advice")
    story.tells("drafted")
    story.sends_the_draft()


def test_declined(story: Story):
    """Feedback declined.

    Many employers may not give feedback. That is an answer too, and it is thanked for: a few lines, no second question.
    """
    asked(story)
    story.at("Friday 5 June 09:30")
    answer = story.arrives(DECLINED)
    story.draft(to=JANE, answers=answer)
    story.tells("drafted")
    story.sends_the_draft()
    story.ends("closed", "declined")


def test_unclear(story: Story):
    """Feedback too general to practise, one question, and an example.

    "Work on your communication" names a direction and nothing to do. The thank-you asks for one example, once. The
    example comes and is thanked for without another question.
    """
    asked(story)
    story.at("Friday 5 June 09:30")
    vague = story.arrives(VAGUE)
    story.draft(to=JANE, answers=vague, says="?")
    story.tells("drafted")
    story.sends_the_draft()
    story.at("Monday 8 June 16:05")
    example = story.arrives(EXAMPLE)
    story.draft(to=JANE, answers=example)
    story.tells("drafted")
    story.sends_the_draft()
    story.ends("closed", "thanked")


def test_out_of_office(story: Story):
    """Out of office, an answer promised, and none came.

    A machine answers that Jane is away; then she writes that she will answer by 26 June. Every sign of life makes the
    wait begin anew, and it lasts at least as long as was promised, with two working days of patience. After that a
    short note closes the matter; it asks nothing.
    """
    asked(story)
    story.at("Thursday 4 June 15:30")
    away = story.arrives(AWAY, Auto_Submitted="auto-replied")
    story.at("Monday 15 June 10:00")
    story.arrives(LATER, answers=away)
    story.no_draft(why="Nothing is written: the answer is still to come.")
    story.at("Monday 29 June 10:00")
    story.no_draft(why="The day has passed, and nothing is written yet: people write a day late.")
    story.at("Tuesday 30 June 12:30")
    story.draft(to=JANE)
    story.tells("drafted")
    story.sends_the_draft()
    story.ends("closed", "no_answer")


def test_feedback_twice_then_an_offer(story: Story):
    """Feedback came twice, then an offer.

    The second mail with advice comes while the thank-you for the first one still lies in Drafts: one thank-you is
    enough for both. Weeks later the employer comes back with an offer, and the case ends as nobody expected.
    """
    asked(story)
    story.at("Friday 5 June 09:30")
    first = story.arrives(FEEDBACK)
    story.draft(to=JANE, answers=first)
    story.tells("drafted")
    story.at("Friday 5 June 11:10")
    story.arrives(MORE_FEEDBACK, answers=first)
    story.sends_the_draft()
    assert story.case.outcome == "thanked"
    story.at("Tuesday 23 June 10:00")
    story.arrives(OFFER)
    story.ends("closed", "offer")
