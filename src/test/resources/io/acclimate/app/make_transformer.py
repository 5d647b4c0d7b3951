"""Trains a small BERT on sentences of three topics, and writes what its users would have of it.

    /usr/bin/python3 make_transformer.py FOLDER      (Debian: python3-torch, python3-onnx)

transformer.onnx is exported as Hugging Face's models are, with any number of rows and of tokens; transformer-tokenizer.json is in
the format of Hugging Face's tokenizers; transformer.txt has sentences with the tokens and the probabilities that Python gives.
"""
import json
import math
import re
import sys

import torch
from torch import nn

torch.manual_seed(7)
torch.set_num_threads(1)
WIDTH, HEADS, TOKENS, LAYERS = 16, 2, 16, 2
TOPICS = {
    'animals': 'the cat dog horse sleeps runs near barn jumping feeding foxes river',
    'cooking': 'the soup bread oven boils baking salted stirring pan tastes butter kitchen',
    'travel': 'the train ticket station leaves platform boarding luggage border delayed flights city',
}
PIECES = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'] + sorted(
    set('abcdefghijklmnopqrstuvwxyz') | {'##' + c for c in 'abcdefghijklmnopqrstuvwxyz'}
    | {'.', ',', '!', '?', "'", 'the', 'cat', 'dog', 'horse', 'sleep', '##s', 'run', 'near', 'barn', 'jump', '##ing', 'feed',
       'fox', '##es', 'river', 'soup', 'bread', 'oven', 'boil', 'bak', 'salt', '##ed', 'stir', '##ring', 'pan', 'taste', 'butter',
       'kitchen', 'train', 'ticket', 'station', 'leave', 'platform', 'board', 'luggage', 'border', 'delay', 'flight', 'city'})
IDS = {piece: i for i, piece in enumerate(PIECES)}


def pieces(word):
    found, start = [], 0
    while start < len(word):
        end = len(word)
        while end > start and ('##' if start else '') + word[start:end] not in IDS:
            end -= 1
        if end == start:
            return ['[UNK]']
        found.append(('##' if start else '') + word[start:end])
        start = end
    return found


def encode(text):
    words = re.findall(r"\w+|[^\w\s]", text.lower())
    tokens = ['[CLS]'] + [p for w in words for p in pieces(w)][:TOKENS - 2] + ['[SEP]']
    ids = [IDS[t] for t in tokens]
    fill = TOKENS - len(ids)
    return ids + [0] * fill, [1] * len(ids) + [0] * fill


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))

    def heads(self, x):
        return x.view(x.size()[:-1] + (HEADS, WIDTH // HEADS)).permute(0, 2, 1, 3)

    def forward(self, x, mask):
        scores = torch.matmul(self.heads(self.query(x)), self.heads(self.key(x)).transpose(-1, -2))
        weights = nn.functional.softmax(scores / math.sqrt(WIDTH // HEADS) + mask, dim=-1)
        mixed = torch.matmul(weights, self.heads(self.value(x))).permute(0, 2, 1, 3).contiguous()
        return self.out(mixed.view(mixed.size()[:-2] + (WIDTH,)))


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention, self.after = Attention(), nn.LayerNorm(WIDTH, eps=1e-12)
        self.up, self.down, self.last = nn.Linear(WIDTH, 32), nn.Linear(32, WIDTH), nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x, mask):
        x = self.after(x + self.attention(x, mask))
        return self.last(x + self.down(nn.functional.gelu(self.up(x))))


class Bert(nn.Module):
    def __init__(self):
        super().__init__()
        self.word = nn.Embedding(len(PIECES), WIDTH, padding_idx=0)
        self.position, self.kind = nn.Embedding(64, WIDTH), nn.Embedding(2, WIDTH)
        self.register_buffer('position_ids', torch.arange(64).expand((1, -1)))
        self.norm, self.layers = nn.LayerNorm(WIDTH, eps=1e-12), nn.ModuleList(Layer() for _ in range(LAYERS))
        self.pooler, self.classifier = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, len(TOPICS))

    def forward(self, input_ids, attention_mask, token_type_ids):
        mask = (1.0 - attention_mask[:, None, None, :].to(dtype=torch.float32)) * torch.finfo(torch.float32).min
        x = self.word(input_ids) + self.kind(token_type_ids) + self.position(self.position_ids[:, :input_ids.size()[1]])
        x = self.norm(x)
        for layer in self.layers:
            x = layer(x, mask)
        return self.classifier(torch.tanh(self.pooler(x[:, 0])))


def sentence(words, generator):
    picked = torch.randperm(len(words), generator=generator)[:4 + int(torch.randint(4, (1,), generator=generator))]
    return ' '.join(words[i] for i in picked) + '.'


def batch(texts):
    encoded = [encode(t) for t in texts]
    ids, mask = (torch.tensor([e[i] for e in encoded]) for i in (0, 1))
    return ids, mask, torch.zeros_like(ids)


folder = sys.argv[1]
generator = torch.Generator().manual_seed(1)
words = [v.split() for v in TOPICS.values()]
texts = [(sentence(words[i % 3], generator), i % 3) for i in range(600)]
model = Bert()
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
for epoch in range(6):
    for i in range(0, len(texts), 32):
        part = texts[i:i + 32]
        loss = nn.functional.cross_entropy(model(*batch([t for t, _ in part])), torch.tensor([c for _, c in part]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
print('loss', float(loss))
model.eval()
names = ['input_ids', 'attention_mask', 'token_type_ids']
torch.onnx.export(model, batch(['the cat sleeps.', 'the soup boils, the bread bakes.']), folder + '/transformer.onnx', opset_version=14,
                  input_names=names, output_names=['logits'],
                  dynamic_axes={**{n: {0: 'batch_size', 1: 'sequence_length'} for n in names}, 'logits': {0: 'batch_size'}})
special = [{'id': i, 'content': p, 'single_word': False, 'lstrip': False, 'rstrip': False, 'normalized': False, 'special': True}
           for i, p in enumerate(PIECES[:4])]
tokenizer = {
    'version': '1.0', 'truncation': None, 'padding': None, 'added_tokens': special,
    'normalizer': {'type': 'BertNormalizer', 'clean_text': True, 'handle_chinese_chars': True, 'strip_accents': None, 'lowercase': True},
    'pre_tokenizer': {'type': 'BertPreTokenizer'},
    'post_processor': {
        'type': 'TemplateProcessing',
        'single': [{'SpecialToken': {'id': '[CLS]', 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}},
                   {'SpecialToken': {'id': '[SEP]', 'type_id': 0}}],
        'pair': [{'SpecialToken': {'id': '[CLS]', 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}},
                 {'SpecialToken': {'id': '[SEP]', 'type_id': 0}}, {'Sequence': {'id': 'B', 'type_id': 1}},
                 {'SpecialToken': {'id': '[SEP]', 'type_id': 1}}],
        'special_tokens': {p: {'id': p, 'ids': [IDS[p]], 'tokens': [p]} for p in ('[CLS]', '[SEP]')}},
    'decoder': {'type': 'WordPiece', 'prefix': '##', 'cleanup': True},
    'model': {'type': 'WordPiece', 'unk_token': '[UNK]', 'continuing_subword_prefix': '##', 'max_input_chars_per_word': 100,
              'vocab': IDS},
}
with open(folder + '/transformer-tokenizer.json', 'w') as out:
    json.dump(tokenizer, out, indent=0)
with open(folder + '/transformer.yaml', 'w') as out:
    out.write('content: TEXT\ntokenizer: transformer-tokenizer.json\nshape: [%d]\nclasses: [%s]\n' % (TOKENS, ', '.join(TOPICS)))
with open(folder + '/transformer.txt', 'w') as out:
    for text in ['The cat sleeps near the barn.', 'Salted butter, baking bread!', "The train's delayed at the border?",
                 'Foxes jumping', 'an unknown 7 word', 'ticket ' * 30, 'KITCHEN'] + [t for t, _ in texts[:9]]:
        ids, mask, kinds = batch([text])
        p = torch.softmax(model(ids, mask, kinds), 1)[0].tolist()
        out.write('%s|%s|%s\n' % (text.strip(), ' '.join(str(i) for i in ids[0].tolist()), ' '.join('%.6f' % v for v in p)))
