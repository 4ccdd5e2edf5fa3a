"""Invented articles to learn from, each of other words than the others, and a small training that can be killed."""

import json
import random
import sys
from pathlib import Path

SYLLABLES = "ba ke lo mi nu ra se ti vo za dre fli gro pla sko".split()
CASES = [("rejected", "harbour-tax", "against"), ("welcomed", "ferry", "favor"), ("opened", "lighthouse", "neutral")]
PHRASES = {"harbour-tax": "the harbour tax", "ferry": "the daily ferry", "lighthouse": "the old lighthouse"}


def filler(chance, words=40):
    """Words that no other article has."""
    return " ".join("".join(chance.choices(SYLLABLES, k=3)) for _ in range(words)).capitalize() + "."


def article(number, cases=CASES, date=None, word=None):
    """An article with one statement a case (cue, target, stance), each with a word of its own unless one is given."""
    chance = random.Random(number)
    text, statements = filler(chance), []
    for cue, target, stance in cases:
        start = len(text) + 1
        last = word or "".join(chance.choices(SYLLABLES, k=3))
        text += f" Ilse Brandt {cue} {PHRASES[target]} {last}. {filler(chance, 12)}"
        at = text.index(cue, start)
        end = text.index(".", at)
        statements.append(
            {
                "id": f"s{len(statements)}",
                "content": [[at + len(cue) + 1, end]],
                "cue": [[at, at + len(cue)]],
                "source": [[start, start + len("Ilse Brandt")]],
                "kind": "indirect",
                "speakers": ["E1"],
                "stances": [{"target": target, "stance": stance}],
            }
        )
    return {
        "id": f"vara-{number}",
        "outlet": "Vara Post",
        "date": date or f"2030-01-{number % 28 + 1:02}",
        "title": "Harbour news",
        "text": text,
        "entities": [{"id": "E1", "name": "Ilse Brandt", "kind": "person", "role": "Mayor", "affiliation": "Norway"}],
        "statements": statements,
    }


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def small_training(folder):
    """Train a small network with dropout and noise in a folder: its loss on held-out rows, the sum of its weights."""
    import torch

    from stance.train.loop import Schedule, evaluated, fit

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = torch.nn.Sequential(
                torch.nn.Linear(4, 16), torch.nn.Dropout(0.3), torch.nn.GELU(), torch.nn.Linear(16, 1)
            )

        def forward(self, x):
            return self.layers(x)

    def collate(rows):
        x = torch.tensor([row["x"] for row in rows])
        return {"x": x + 0.1 * torch.randn(x.shape), "y": torch.tensor([row["y"] for row in rows])}

    def loss(model, batch):
        return (model(x=batch["x"])[:, 0] - batch["y"]).square().mean()

    def watch(model):
        return evaluated(model, rows[48:], collate, loss, 8)

    x = torch.randn(60, 4, generator=torch.Generator().manual_seed(1))
    rows = [{"input_ids": [0] * (1 + i % 7), "x": v.tolist(), "y": float(v[0] * v[1])} for i, v in enumerate(x)]
    torch.manual_seed(3)
    schedule = Schedule(epochs=20, learning_rate=0.02, batch_size=4, accumulate=2, patience=20)
    model = fit(Net(), rows[:48], collate, loss, schedule, folder, watch)
    return watch(model), float(sum(p.detach().sum() for p in model.parameters()))


if __name__ == "__main__":
    small_training(Path(sys.argv[1]))
