"""Until when an answer is promised, in ten languages."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.extract.promises import back, promised
from tests.rules.mails import message, verdict

WEDNESDAY = date(2026, 6, 3)


@pytest.mark.parametrize(
    ("language", "sentence", "day"),
    [
        ("en", "You will hear from us by Friday.", date(2026, 6, 5)),
        ("en", "We'll get back to you within two weeks.", date(2026, 6, 17)),
        ("en", "We aim to make a decision by the end of next week.", date(2026, 6, 12)),
        ("en", "I will let you know by 12 June at the latest.", date(2026, 6, 12)),
        ("en", "We expect to come back to you on June 9th.", date(2026, 6, 9)),
        ("en", "You can expect our answer within 5 working days.", date(2026, 6, 10)),
        ("en", "We will be in touch by the end of the month.", date(2026, 6, 30)),
        ("en", "We will contact you next Tuesday, or Thursday at the latest.", date(2026, 6, 9)),
        ("de", "Wir melden uns bis Freitag bei Ihnen.", date(2026, 6, 5)),
        ("de", "Sie erhalten innerhalb von zwei Wochen eine Rückmeldung.", date(2026, 6, 17)),
        ("de", "Wir geben Ihnen bis zum 12.06. Bescheid.", date(2026, 6, 12)),
        ("de", "Bis Ende des Monats informieren wir dich.", date(2026, 6, 30)),
        ("de", "Wir entscheiden bis zum 15. Juni.", date(2026, 6, 15)),
        ("fr", "Nous reviendrons vers vous d'ici vendredi.", date(2026, 6, 5)),
        ("fr", "Vous recevrez une réponse sous quinze jours.", date(2026, 6, 18)),
        ("es", "Te informaremos antes del 12 de junio.", date(2026, 6, 12)),
        ("es", "Le contactaremos la próxima semana.", date(2026, 6, 12)),
        ("it", "Le faremo sapere entro venerdì.", date(2026, 6, 5)),
        ("it", "La ricontatteremo entro due settimane.", date(2026, 6, 17)),
        ("pt", "Entraremos em contacto até sexta-feira.", date(2026, 6, 5)),
        ("pt", "Daremos um retorno em até 10 dias úteis.", date(2026, 6, 17)),
        ("nl", "Je hoort uiterlijk vrijdag van ons.", date(2026, 6, 5)),
        ("nl", "We laten je binnen twee weken iets weten.", date(2026, 6, 17)),
        ("pl", "Odezwiemy się do piątku.", date(2026, 6, 5)),
        ("pl", "Poinformujemy Panią w ciągu dwóch tygodni.", date(2026, 6, 17)),
        ("sv", "Vi återkommer senast på fredag.", date(2026, 6, 5)),
        ("sv", "Du får besked inom två veckor.", date(2026, 6, 17)),
        ("ja", "選考結果は6月12日までにご連絡いたします。", date(2026, 6, 12)),
        ("ja", "1週間以内に結果をお知らせします。", date(2026, 6, 10)),
    ],
)
def test_a_promised_day_is_found(language: str, sentence: str, day: date) -> None:
    """Counted from a Wednesday."""
    assert promised([sentence], language, WEDNESDAY) == day


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The interview takes place on Friday."),
        ("en", "We will get back to you soon."),
        ("en", "We will be in touch once we have read it."),
        ("en", "Please send us the documents by Friday."),
        ("de", "Das Gespräch findet am Freitag statt."),
        ("xx", "We will get back to you by Friday."),
        ("en", "We will get back to you by 32 June."),
    ],
)
def test_without_a_promise_there_is_no_day(language: str, sentence: str) -> None:
    """A date alone is none, nor is a promise without a date."""
    assert promised([sentence], language, WEDNESDAY) is None


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "I am away and will be back on 15 June.", date(2026, 6, 15)),
        ("en", "I am out of the office from 1 June until 30 June 2026.", date(2026, 6, 30)),
        ("en", "I am out of the office until Monday.", date(2026, 6, 8)),
        ("en", "I am on leave for two weeks.", date(2026, 6, 17)),
        ("de", "Ich bin vom 1.6. bis 19.6. nicht im Büro.", date(2026, 6, 19)),
        ("de", "Ab dem 22. Juni bin ich wieder erreichbar.", date(2026, 6, 22)),
        ("fr", "Je suis absente jusqu'au 12 juin inclus.", date(2026, 6, 12)),
        ("es", "Estaré fuera de la oficina hasta el 12 de junio.", date(2026, 6, 12)),
        ("it", "Sarò assente fino al 12 giugno.", date(2026, 6, 12)),
        ("pt", "Estou ausente até 12 de junho.", date(2026, 6, 12)),
        ("nl", "Ik ben afwezig tot en met 12 juni.", date(2026, 6, 12)),
        ("pl", "Jestem na urlopie do 12 czerwca.", date(2026, 6, 12)),
        ("sv", "Jag är på semester till den 12 juni.", date(2026, 6, 12)),
        ("ja", "6月12日まで不在にしております。", date(2026, 6, 12)),
    ],
)
def test_the_day_somebody_is_back(language: str, text: str, day: date) -> None:
    """The last day that an automatic answer names."""
    assert back([text], [language], WEDNESDAY) == day


@pytest.mark.parametrize(
    "text", ["I am away.", "I am back on 15 October.", "I was away until 2 June.", "Back in 9 weeks."]
)
def test_no_day_that_nobody_waits_for(text: str) -> None:
    """None named, gone by, or too far away."""
    assert back([text], ["en"], WEDNESDAY) is None


def test_an_absence_told_in_two_languages() -> None:
    """Either may name the day; and what is endless is read only so far."""
    both = ["Ich bin im Urlaub.", "I will return on 15 June."]
    assert back(both, ["de", "en"], WEDNESDAY) == date(2026, 6, 15)
    assert back(["Hello."] * 1000 + both, ["de", "en"], WEDNESDAY) is None


@given(st.text(max_size=500), st.sampled_from(["en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "ja"]), st.dates())
def test_any_text_gives_a_later_day_or_none(text: str, language: str, today: date) -> None:
    """Never an exception, never the past."""
    found = promised([f"We will get back to you, {text}", text], language, min(today, date(9990, 1, 1)))
    assert found is None or found > today


def test_a_verdict_tells_it_while_nothing_is_decided() -> None:
    """Counted from the day the mail arrived; a refusal promises nothing more."""
    receipt = "Thank you for your application. We will get back to you within two weeks."
    arrived = message(receipt).arrived.date()
    assert verdict(receipt).answer_by == arrived + timedelta(days=14)
    refused = "Thank you for your application. We decided to go with another candidate. We write in two weeks."
    assert verdict(refused).answer_by is None
