"""What employers write in any story: one mail a meaning, in two languages."""

from tests.agent.stage import FEEDBACK, INVITATION, REJECTION

ENGLISH = {
    "receipt": "Dear Ana,\n\nthank you for your application as Data Engineer at Acme. We have received it and will "
    "come back to you.\n\nKind regards\nJane Doe\nAcme GmbH\n",
    "invitation": INVITATION,
    "rejection": REJECTION,
    "filled": "Dear Ana,\n\nthank you for the interview. The position of Data Engineer at Acme has been filled.\n\n"
    "Kind regards\nJane Doe\nAcme GmbH\n",
    "on hold": "Dear Ana,\n\nthe hiring for the Data Engineer position at Acme has been put on hold for now. We will "
    "let you know.\n\nKind regards\nJane Doe\n",
    "reversal": "Dear Ana,\n\nplease disregard our previous email: the rejection was sent to you by mistake. Your "
    "application as Data Engineer at Acme is still under consideration.\n\nKind regards\nJane Doe\n",
    "feedback": FEEDBACK,
    "vague feedback": "Hi Ana,\n\nthanks for asking. You should work on your communication.\n\nBest\nJane\n",
    "decline": "Dear Ana,\n\nthank you for your note. Unfortunately our policy does not allow us to give individual "
    "feedback to applicants.\n\nKind regards\nJane Doe\n",
    "question": "Hi Ana,\n\nhappy to. Would you rather talk on the phone? When would suit you?\n\nBest\nJane\n",
    "offer": "Dear Ana,\n\nwe are delighted to offer you the position of Data Engineer at Acme. Your contract is "
    "attached.\n\nKind regards\nJane Doe\n",
    "away": "I am out of the office until Monday with limited access to my mail.\n",
    "bounce": "Your message could not be delivered. The address does not exist.\n",
    "newsletter": "Ten recipes for the weekend. Unfortunately the strawberries are over.\n",
}

GERMAN = {
    "invitation": "Sehr geehrte Frau Sousa,\n\nvielen Dank für Ihre Bewerbung als Data Engineer bei Acme. Gerne laden "
    "wir Sie zu einem Vorstellungsgespräch am Freitag um 10 Uhr ein.\n\nMit freundlichen Grüßen\nJane Doe\nAcme GmbH\n",
    "rejection": "Sehr geehrte Frau Sousa,\n\nvielen Dank für das Gespräch zur Stelle als Data Engineer bei Acme. "
    "Leider müssen wir Ihnen mitteilen, dass wir uns für eine andere Bewerberin entschieden haben.\n\n"
    "Mit freundlichen Grüßen\nJane Doe\nAcme GmbH\n",
    "feedback": "Sehr geehrte Frau Sousa,\n\ngerne. Im Gespräch haben Ihre Beispiele gefehlt; üben Sie, Projekte mit "
    "Zahlen zu belegen.\n\nMit freundlichen Grüßen\nJane Doe\n",
    "decline": "Sehr geehrte Frau Sousa,\n\nleider können wir aus rechtlichen Gründen kein individuelles Feedback "
    "geben.\n\nMit freundlichen Grüßen\nJane Doe\n",
}

EMPLOYERS = {"Acme": "en", "Birkenhof": "de", "Cobalt": "en"}
"""Who writes in which language, where the words are there."""

KIND = "PS: All the best to the team.\r\n"
ANGRY = "Why did you reject me? I demand an explanation.\r\n"


def words_of(employer: str, what: str) -> str:
    """That mail of that employer."""
    texts = {**ENGLISH, **(GERMAN if EMPLOYERS[employer] == "de" else {})}
    return texts[what].replace("Acme", employer)
