"""Byte-level BPE trained by the native library: what the text benchmark compares training with."""

import json
import sys
import time

import tokenizers
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

with open(sys.argv[1], encoding="utf-8") as file:
    texts = json.load(file)

tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
trainer = trainers.BpeTrainer(vocab_size=int(sys.argv[2]), show_progress=False)
start = time.process_time()
tokenizer.train_from_iterator(texts, trainer)
saved = tokenizer.to_str()
used = time.process_time() - start
answer = {
    "version": tokenizers.__version__,
    "cpuMilliseconds": 1000 * used,
    "merges": json.loads(saved)["model"]["merges"],
}
sys.stdout.write(json.dumps(answer))
