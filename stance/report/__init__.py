"""Reports over a finished run folder; none of them needs a model.

From the bottom up:

- `copies`: the same words in several articles, which are one utterance;
- `corpus`: a run in memory (`read_corpus`), its utterances, articles' metadata, and their texts when asked for;
- `filters`: which statements a report is about (`Filters`);
- `evidence`: one statement's stance toward one target (`Evidence`), with its source, cue, content and speakers;
- `estimate`: from counts to a mean, a shrunken mean and an interval;
- `positions`: `Position`, `SpeakerPositions` (a row and its positions by target), `Positions` (all rows);
- `group`: `positions(run, by, filters)`, which makes them;
- `change`: positions over time, shifts, contradictions;
- `compare`: two speakers, countries, outlets or periods side by side;
- `agreement`: who agrees with whom, and coalitions;
- `summary`: positions in prose;
- `blocks`: the order in which a reader wants positions; and the forms: `terminal`, `markdown`, `records` (JSON),
  `sheets` (CSV, XLSX), `network` (GEXF, GraphML), `html`, `charts`.
"""
