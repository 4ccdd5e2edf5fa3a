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
- `summary`: positions in prose, `prose` draws them;
- `blocks`, `views`, `page`: what a reader is shown, and in which order; `terminal` and `markdown` draw it;
- `tidy`: the same as plain rows; `sheets` (CSV, XLSX), `records` (JSON) and `network` (GEXF, GraphML) write them;
- `html`, `charts`: one file for a browser, and figures for a paper;
- `write`: the forms by their names.
"""
