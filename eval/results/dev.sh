#!/bin/sh
# Makes dev.md and dev.json beside this file: sh eval/results/dev.sh DATA
# DATA holds gold/{train,dev}.jsonl, attribution/{polnear,gum,gum.coref}.dev.jsonl, stance/{vast,newsmtsc}.jsonl, as rows of eval/README.md.
set -e
data=$1 here=$(dirname "$0") work=$(mktemp -d)
keep() { name=$1; shift; stance evaluate "$@" --name "$name" --save "$work/$name" > /dev/null; }
learn() { keep "$@" --train-where split=train; }
keep "gold (in this repository)" gold --train "$data/gold/train.jsonl"
keep "gold dev" articles --data "$data/gold/dev.jsonl" --train "$data/gold/train.jsonl"
keep "PolNeAR dev" polnear --data "$data/attribution/polnear.dev.jsonl"
keep "GUM dev, attribution" gum-attribution --data "$data/attribution/gum.dev.jsonl"
keep "GUM dev, speakers" gum --data "$data/attribution/gum.dev.jsonl"
learn "VAST dev" pairs --data "$data/stance/vast.jsonl" --where split=dev --train "$data/stance/vast.jsonl"
for part in mt rw; do
    learn "NewsMTSC dev $part" pairs --data "$data/stance/newsmtsc.jsonl" --where split=dev_$part --train "$data/stance/newsmtsc.jsonl"
done
set -- "$work/gold (in this repository)" "$work/gold dev" "$work/PolNeAR dev" "$work/GUM dev, attribution" \
    "$work/GUM dev, speakers" "$work/VAST dev" "$work/NewsMTSC dev mt" "$work/NewsMTSC dev rw"
for folder; do set -- "$@" "$folder/result.json"; shift; done
stance evaluate table "$@" --format json -o "$here/dev.json"
{ cat "$here/dev.head.md"; stance evaluate table "$@"; } > "$here/dev.md"
rm -r "$work"
