"""A direction and nothing to practise, in ten languages: the thank-you asks for an example. Never after advice."""

import pytest

from tests.agent.test_letter_choice import with_answer, written

DIRECTIONS = {
    "en": [
        "You could work on your communication.",
        "I would suggest working on your communication a bit.",
        "Try to be more structured.",
        "You should be clearer.",
        "Try to communicate more clearly.",
        "Improve your presentation.",
        "We felt you could be more convincing.",
        "A bit more structured answers would help.",
        "You came across a little unstructured.",
        "Work on your confidence.",
    ],
    "de": [
        "Arbeiten Sie an Ihrer Kommunikation.",
        "Seien Sie strukturierter.",
        "Versuchen Sie, klarer zu kommunizieren.",
        "Du könntest überzeugender auftreten.",
        "Arbeite an deiner Struktur.",
        "Sie sollten sich besser ausdrücken.",
    ],
    "fr": [
        "Travaillez votre communication.",
        "Soyez plus structurée.",
        "Essayez d'être plus claire.",
        "Vous pourriez être plus convaincante.",
        "Améliorez votre expression.",
    ],
    "es": [
        "Trabaja tu comunicación.",
        "Intenta ser más estructurada.",
        "Podrías ser más clara.",
        "Debería mejorar su comunicación.",
        "Sé más convincente.",
    ],
    "it": [
        "Lavori sulla comunicazione.",
        "Cerchi di essere più strutturata.",
        "Potrebbe essere più chiara.",
        "Migliori la sua comunicazione.",
        "Dovresti essere più convincente.",
    ],
    "pt": [
        "Trabalhe a sua comunicação.",
        "Tente ser mais estruturada.",
        "Podia ser mais clara.",
        "Seja mais convincente.",
        "Melhore a sua apresentação.",
    ],
    "nl": [
        "Werk aan je communicatie.",
        "Wees gestructureerder.",
        "Probeer duidelijker te communiceren.",
        "Je zou overtuigender kunnen zijn.",
        "Werk aan uw presentatie.",
    ],
    "pl": [
        "Proszę popracować nad komunikacją.",
        "Warto mówić w sposób bardziej uporządkowany.",
        "Proszę mówić jaśniej.",
        "Mogłaby Pani być bardziej przekonująca.",
        "Warto popracować nad prezentacją.",
    ],
    "sv": [
        "Arbeta på din kommunikation.",
        "Försök vara mer strukturerad.",
        "Du kan bli tydligare.",
        "Var mer övertygande.",
        "Öva på din framställning.",
    ],
    "ja": [
        "コミュニケーションを改善するとよいと思います。",
        "もう少し構造的に話すとよいでしょう。",
        "もっと分かりやすく話してください。",
        "伝え方を工夫してください。",
    ],
}

ADVICE = {
    "en": [
        "Work on your communication: start every answer with the conclusion.",
        "Be more structured, for example with the STAR method.",
        "Talk about trade-offs earlier, and give concrete numbers when you describe your projects.",
        "Practise SQL window functions.",
        "Be more concise when you describe your projects.",
        "Work on your presentation slides.",
        "Communicate the result before the method.",
    ],
    "de": [
        "Nennen Sie bei Projekten konkrete Zahlen.",
        "Arbeiten Sie an Ihrer Struktur, zum Beispiel mit der STAR-Methode.",
        "Üben Sie SQL.",
    ],
    "fr": [
        "Donnez des chiffres concrets.",
        "Travaillez SQL et les fonctions de fenêtrage.",
    ],
    "es": [
        "Practica SQL.",
        "Da cifras concretas cuando describes tus proyectos.",
    ],
    "it": [
        "Eserciti SQL.",
        "Dia numeri concreti quando descrive i progetti.",
    ],
    "pt": [
        "Pratique SQL.",
        "Dê números concretos.",
    ],
    "nl": [
        "Oefen SQL.",
        "Noem concrete cijfers.",
    ],
    "pl": [
        "Proszę poćwiczyć SQL.",
        "Proszę podawać konkretne liczby.",
    ],
    "sv": [
        "Öva SQL.",
        "Ge konkreta siffror.",
    ],
    "ja": [
        "SQLを練習してください。",
        "具体的な数字を挙げてください。",
    ],
}


def of(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in table.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), of(DIRECTIONS))
def test_a_direction_gets_the_question_for_an_example(language: str, text: str) -> None:
    """ "Work on your communication": nobody knows what to do on Monday."""
    assert written(with_answer("feedback", text, language=language)).asks


@pytest.mark.parametrize(("language", "text"), of(ADVICE))
def test_advice_is_not_asked_about(language: str, text: str) -> None:
    """To ask for more of what was given would be ungrateful."""
    assert not written(with_answer("feedback", text, language=language)).asks
