"""Articles in other languages are noted, not labelled."""

import pytest

from stance.language import OnlyEnglish, language
from stance.types import Article, Doc

TEXTS = {
    "en": "The minister said on Tuesday that the ferry would sail again, and that talks with Norway would go on.",
    "fr": "Le ministre a déclaré mardi que le ferry repartirait et que les discussions se poursuivraient.",
    "es": "El ministro afirmó el martes que el transbordador volvería a navegar y que las conversaciones seguirían.",
    "ru": "Министр заявил во вторник, что паром снова выйдет в море и что переговоры с Норвегией будут продолжены.",
    "zh": "部长星期二表示，渡轮将重新启航，与挪威的谈判将继续进行。",
}


@pytest.mark.parametrize("code", TEXTS)
def test_language_of_a_text(code):
    assert language(TEXTS[code] * 6) == code


@pytest.mark.parametrize("text", ["", "ok", "Rusia y China", "Wang Yi", "?!", "12,5"])
def test_too_little_to_tell_passes(text):
    doc = Doc(Article("a", text))
    assert OnlyEnglish()([doc]) == [doc]


def test_other_languages_are_a_problem_that_says_what_to_do():
    docs = [Doc(Article(code, text * 6)) for code, text in TEXTS.items()]
    checked = OnlyEnglish()(docs)
    assert [doc.article.id for doc in checked] == list(TEXTS)
    assert [doc.article.id for doc in checked if not doc.problems] == ["en"]
    problem = checked[1].problems[0]
    assert problem.kind == "language" and "'fr'" in problem.reason and "any_language=true" in problem.reason
    assert OnlyEnglish(any_language=True)(docs) == docs


def test_a_foreign_quotation_does_not_make_an_article_foreign():
    text = TEXTS["en"] * 6 + " “Nous ne céderons pas”, she added in French, « jamais de la vie »."
    assert language(text) == "en"
