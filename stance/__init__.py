"""Who says what in news articles, and where they stand: statements, speakers, stances.

A file imports only from its own floor or from lower ones; articles go through the stages from left to right.

    nouns    types, errors
    tools    config, yamlfile, shipped, text, encoder, models, windows, view
    stages   read (wire) → language → segment → tag → link (evidence, mend, turns, framing) → resolve
             → targets → classify (judge, heads: the stance model)
    whole    pipeline; store, tables, rows: the run folder; speakers, decide: joined and decided; gold, metrics
    uses     engine, progress: label; show, explain, pairs, roster; overlap, suggest: topics;
             report, evaluate, annotate, train
    doors    cli, one file a command
"""

__version__ = "0.1.0"
