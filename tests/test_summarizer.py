import pytest
from summary_run import Says, build

from stance.errors import ModelError
from stance.report.group import positions
from stance.report.holding import Book
from stance.report.summarizer import LocalWriter, cited
from stance.report.summary import Summaries
from stance.report.support import Source, objection

STATEMENTS = [
    Says("Venn | stressed | that the streets need many more trees before summer", {"more-trees": ("favor", 0.9)}),
    Says("Venn | said | “twelve lindens would cool the old market”", {"more-trees": ("favor", 0.8)}),
    Says("Kim | called | the planting of poplars a waste of water", {"more-trees": ("against", 0.9)}),
    Says("Oro | said | trees are planted in spring or autumn", {"more-trees": ("neutral", 0.9)}),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    run = build(tmp_path_factory.mktemp("run") / "run", {"a": ("2024-05-01", "Daily", STATEMENTS)})
    return positions(run)


@pytest.fixture
def check(data):
    """What is objected to a sentence that cites the statements of these speakers."""
    book = Book(data)
    on = {h.holder.short: h for h in book.on["more-trees"]}

    def ask(text, *who):
        sources = [Source(on[name].holder, e) for name in who for e in on[name].position.evidence]
        return objection(text, sources, book, "more-trees")

    return ask


@pytest.mark.parametrize(
    "text",
    [
        "Venn supported more trees in the city.",
        "Mara Venn stressed that the streets need trees before summer.",
        "On 1 May 2024 Venn said that “twelve lindens would cool the old market”.",
        "In two statements Venn favored more trees in the city.",
        'Venn, mayor in Norway, said "twelve lindens would cool the old market."',
    ],
)
def test_what_the_statements_say_passes(check, text):
    assert check(text, "Venn") == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Venn opposed more trees in the city.", "says against where the labels are favor"),
        ("Venn did not support more trees in the city.", "says against where the labels are favor"),
        ("Ara supported more trees in the city.", "does not name Mara Venn"),
        ("Venn and Kim Ara supported more trees in the city.", "names Kim Ara, of whom no statement cited speaks"),
        ("Venn said “a hundred lindens would cool the old market”.", "no cited statement has the words"),
        ("Venn said “twelve lindens would cool the market.", "a quotation is not closed"),
        ("Venn supported more trees in five statements.", "the number five has nothing behind it"),
        ("Venn supported 300 more trees in the city.", "the number 300 has nothing behind it"),
        ("Venn supported more trees in the city and lower taxes.", "“lower” has nothing behind it"),
        ("Venn never said that the streets need trees.", "“never” has nothing behind it"),
        ("Venn consistently supported more trees in the city.", "“consistently” has nothing behind it"),
    ],
)
def test_what_no_statement_says_is_objected_to(check, text, reason):
    assert reason in check(text, "Venn")


def test_both_sides_need_both_labels(check):
    both = "Venn supported more trees in the city, while Kim opposed them."
    assert check(both, "Venn", "Kim") == ""
    assert "says against and favor" in check("Venn supported more trees in the city and opposed them.", "Venn")
    assert "labels are against" in check("Kim Ara supported more trees in the city.", "Kim")
    assert "labels are neutral" in check("Oro supported trees in the city.", "Oro")
    assert check("Oro said that trees are planted in autumn.", "Oro") == ""


def test_a_sentence_without_citation_is_objected_to(check):
    assert check("Venn supported more trees in the city.") == "cites no statement that it was given"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A did [1]. B did. [2][3] C did [4, 5].", [("A did", [1]), ("B did.", [2, 3]), ("C did", [4, 5])]),
        ("A did. B did [1].", [("A did.", []), ("B did", [1])]),
        ("Nothing cited", [("Nothing cited", [])]),
        ("[1] [2]", []),
        ("", []),
    ],
)
def test_citations_are_read(text, found):
    assert list(cited(text)) == found


class Fake:
    """Writes what it is told, and keeps what it was asked."""

    def __init__(self, text):
        self.text, self.asked = text, []

    def write(self, task, lines):
        self.asked.append((task, list(lines)))
        return self.text


def test_supported_sentences_are_kept_and_the_others_counted(data):
    writer = Fake(
        "Venn supported more trees in the city [1][2]. Venn opposed more trees in the city [1]. "
        "Venn promised free ice cream [2]. Venn supported more trees in the city [1][2]. Venn spoke [9]. No end"
    )
    summary = Summaries(data, writer).speaker("mara-venn")
    (sentence,) = summary.sentences
    assert sentence.text == "Venn supported more trees in the city."
    assert sentence.by_model
    (claim,) = sentence.claims
    assert (claim.speaker, claim.target, claim.label, claim.whole) == ("mara-venn", "more-trees", "favor", False)
    assert set(claim.evidence) == {"a:1", "a:2"}
    assert [dropped.reason for dropped in summary.dropped] == [
        "says against where the labels are favor",
        "“promised” has nothing behind it",
        "says it again",
        "cites no statement that it was given",
        "cites no statement that it was given",
    ]


def test_the_model_is_given_the_statements_with_labels_and_dates(data):
    writer = Fake("")
    Summaries(data, writer).speaker("mara-venn")
    ((task, lines),) = writer.asked
    assert "more trees in the city" in task
    assert sorted(lines) == [
        "[1] Mara Venn, 1 May 2024 (in favor) stressed: that the streets need many more trees before summer",
        "[2] Mara Venn, 1 May 2024 (in favor) said: “twelve lindens would cool the old market”",
    ]


def test_quotations_of_the_model_lead_to_their_statement(data):
    writer = Fake("Venn said that “twelve lindens would cool the old market” [1][2].")
    (sentence,) = Summaries(data, writer).speaker("mara-venn").sentences
    (quote,) = sentence.quotes
    assert (quote.statement_id, quote.text) == ("a:2", "twelve lindens would cool the old market")


def test_where_nothing_is_supported_the_rules_write(data):
    summary = Summaries(data, Fake("All is well [1].")).speaker("mara-venn")
    assert summary.sentences == Summaries(data).speaker("mara-venn").sentences
    assert len(summary.dropped) == 1


def test_a_topic_may_be_written_by_a_model(data):
    writer = Fake("Venn supported more trees in the city, while Kim Ara opposed them [1][3]. Oro opposed trees [4].")
    summary = Summaries(data, writer).topic("more-trees")
    assert [s.text for s in summary.sentences] == ["Venn supported more trees in the city, while Kim Ara opposed them."]
    assert {claim.label for claim in summary.sentences[0].claims} == {"favor", "against"}
    assert len(summary.dropped) == 1


WORDS = "<pad> </s> <unk> Venn supported opposed trees city . [1] [2] the Summary : in".split()


@pytest.fixture(scope="module", params=["gpt2", "t5"])
def model_folder(request, tmp_path_factory):
    """A random model of either architecture, with a tokenizer that knows a few words."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import (
        GPT2Config,
        GPT2LMHeadModel,
        PreTrainedTokenizerFast,
        T5Config,
        T5ForConditionalGeneration,
    )

    folder = tmp_path_factory.mktemp(request.param)
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>")
    fast.save_pretrained(folder)
    torch.manual_seed(3)
    size = len(WORDS)
    if request.param == "gpt2":
        model = GPT2LMHeadModel(GPT2Config(vocab_size=size, n_positions=256, n_embd=16, n_layer=1, n_head=2))
    else:
        model = T5ForConditionalGeneration(
            T5Config(vocab_size=size, d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2, decoder_start_token_id=0)
        )
    model.save_pretrained(folder)
    return folder


def test_local_models_of_both_kinds_write(model_folder, data):
    writer = LocalWriter(model_folder)
    first = writer.write("the trees", ["[1] Venn supported trees .", "[2] Venn supported the city ."])
    assert first == writer.write("the trees", ["[1] Venn supported trees .", "[2] Venn supported the city ."])
    assert set(first.split()) <= set(WORDS)
    summary = Summaries(data, writer).speaker("mara-venn")
    assert summary.sentences, "what a random model writes is dropped, and the rules write"
    assert not any(sentence.by_model for sentence in summary.sentences)


def test_lines_that_do_not_fit_are_left_out(model_folder):
    writer = LocalWriter(model_folder)
    assert isinstance(writer.write("the trees", ["[1] trees ."] * 500), str)
    with pytest.raises(ModelError, match="Give another model"):
        writer.write("trees " * 5000, ["[1] trees ."])


def test_a_folder_without_a_writer_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"config\.json is missing"):
        LocalWriter(tmp_path)
    with pytest.raises(ModelError, match="cannot write"):
        LocalWriter(broken(tmp_path))


def broken(folder):
    (folder / "config.json").write_text('{"model_type": "no-such-model"}')
    return folder
