"""Makes the text data, the tokenizer and the text network beside it. Needs NumPy and PyTorch (Debian: python3-numpy, python3-torch,
python3-onnx). The same versions give the same files.

Requests to the support of a shop, of eight topics, in two styles. The source domain is formal letters; the target domain is what
people type into a chat: abbreviated, without capitals, with typing errors, with other words for the same things. All wording is ours.

Usage: make_text.py [FOLDER FOR THE MODEL]
"""

import gzip
import json
import os
import random
import sys
from collections import Counter

TOPICS = {
    "refund": dict(
        formal=[
            "I would like to request a refund for the {thing} that I purchased {when}",
            "please reimburse the amount that I paid for the {thing} {when}",
            "kindly return the payment for the {thing}, which does not meet my expectations",
            "I wish to be reimbursed in full for the {thing} that I ordered {when}",
        ],
        casual=[
            "gimme my cash back for that {thing}",
            "want my money back, {thing} sucks",
            "how do i get the bucks back i paid {when}, {thing} is a scam",
            "moneyback pls!! {thing} no good",
        ],
    ),
    "delivery": dict(
        formal=[
            "my parcel with the {thing} has not been delivered, although it was dispatched {when}",
            "could you please inform me of the delivery date of the {thing}",
            "the shipment of the {thing} that was announced {when} has not arrived",
            "I would be grateful for information on the whereabouts of my consignment with the {thing}",
        ],
        casual=[
            "where is my stuff?? {thing} shoulda been here {when}",
            "still nothin in the mailbox, whens the {thing} comin",
            "courier never showed up w the {thing}",
            "tracking stuck since {when}, wheres my {thing}",
        ],
    ),
    "broken": dict(
        formal=[
            "the {thing} that I received {when} is defective and does not function",
            "I regret to inform you that the {thing} was damaged upon receipt",
            "the {thing} ceased to operate {when} and requires a repair",
            "there is a fault in the {thing}, which no longer operates as described",
        ],
        casual=[
            "{thing} is bust, wont turn on",
            "my {thing} died {when} lol",
            "this {thing} is junk, screen cracked n wont start",
            "{thing} kaputt, doesnt do anything anymore",
        ],
    ),
    "password": dict(
        formal=[
            "I have forgotten my password and am unable to access my account since {when}",
            "please assist me in resetting the credentials of my account",
            "my account has been locked after several unsuccessful attempts to authenticate {when}",
            "I am unable to authenticate and request a new password",
        ],
        casual=[
            "cant log in, pw doesnt work",
            "locked out since {when}, reset link pls",
            "forgot my pw, cant get in",
            "login keeps kicking me out, need a new pw",
        ],
    ),
    "invoice": dict(
        formal=[
            "please provide an invoice for the {thing} that I purchased {when}",
            "the invoice for the {thing} states an incorrect address",
            "I require a copy of the invoice of {when} for my accounting department",
            "kindly amend the tax number on the invoice for the {thing}",
        ],
        casual=[
            "need a receipt for the {thing} for my boss",
            "bill for the {thing} has the wrong addr",
            "can u send me the bill from {when} as pdf",
            "no receipt in my inbox for the {thing}, taxes n stuff",
        ],
    ),
    "cancel": dict(
        formal=[
            "I hereby terminate my subscription with effect from the end of the month",
            "please cancel the order of the {thing} that I placed {when}",
            "I wish to withdraw from the contract that I concluded {when}",
            "I request the termination of my membership and a confirmation thereof",
        ],
        casual=[
            "stop my sub, dont want it anymore",
            "changed my mind, drop the {thing} i ordered {when}",
            "im out, end the plan",
            "unsub me pls, and forget the {thing}",
        ],
    ),
    "size": dict(
        formal=[
            "the {wear} is too small and I would like to exchange it for a larger one",
            "please advise me on the measurements of the {wear} before I order it",
            "the {wear} that I received {when} does not fit, I request an exchange",
            "in which dimensions is the {wear} available",
        ],
        casual=[
            "{wear} way too tight, swap for L?",
            "does the {wear} run big or what",
            "{wear} huge on me, can i swap",
            "got {wear} {when}, looks like a tent, need S",
        ],
    ),
    "praise": dict(
        formal=[
            "I would like to express my satisfaction with the {thing} and your excellent service",
            "the {thing} exceeds my expectations, please convey my gratitude to your colleagues",
            "I am very pleased with the {thing} that I received {when}",
            "your staff was courteous and competent, for which I thank you sincerely",
        ],
        casual=[
            "omg love the {thing}, u guys rock",
            "{thing} is awesome!! thx",
            "best {thing} ever, 5 stars",
            "shoutout to ur team, {thing} is so cool",
        ],
    ),
}
THINGS = "lamp kettle headset keyboard monitor backpack camera printer toaster watch phone tablet drill speaker charger".split()
WEARS = "jacket coat shirt sweater dress suit blouse cardigan raincoat vest".split()
FORMAL_WHEN = ["last week", "on Monday", "two weeks ago", "on the third of May", "yesterday", "last month", "on Friday"]
CASUAL_WHEN = ["last wk", "mon", "2 wks ago", "ages ago", "yday", "the other day", "fri"]
OPENINGS = ["Dear Sir or Madam, ", "Good morning, ", "To whom it may concern, ", "Dear team, ", ""]
CLOSINGS = [". Yours faithfully", ". Thank you in advance", ". With kind regards", ".", ". I look forward to your reply"]
SHOUTS = ["hey ", "yo ", "hi ", "ugh ", "sup ", "", "", "help "]
ENDS = [" asap", " pls", " thx", "!!", " :(", " ???", "", " lol", " ok?"]
SHORT = {"you": "u", "please": "pls", "your": "ur", "because": "cuz", "really": "rly", "the": "da", "for": "4", "to": "2"}

LENGTH = 32
MERGES = 900


def filled(pattern, rng, when):
    return pattern.format(thing=rng.choice(THINGS), wear=rng.choice(WEARS), when=rng.choice(when))


def typing_error(word, rng):
    if len(word) < 4:
        return word
    at = rng.randrange(len(word) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + word[at] + word[at:]
    return word[:at] + rng.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :]


def formal(topic, rng):
    body = filled(rng.choice(TOPICS[topic]["formal"]), rng, FORMAL_WHEN)
    opening = rng.choice(OPENINGS)
    return opening + (body if opening else body[0].upper() + body[1:]) + rng.choice(CLOSINGS)


def casual(topic, rng):
    words = filled(rng.choice(TOPICS[topic]["casual"]), rng, CASUAL_WHEN).split(" ")
    words = [SHORT.get(word, word) if rng.random() < 0.5 else word for word in words]
    words = [typing_error(word, rng) if rng.random() < 0.12 else word for word in words]
    return rng.choice(SHOUTS) + " ".join(words) + rng.choice(ENDS)


def texts(count, style, seed):
    rng = random.Random(seed)
    names = list(TOPICS)
    labels = [i % len(names) for i in range(count)]
    rng.shuffle(labels)
    return [style(names[label], rng) for label in labels], labels


def pieces(text):
    """Lower case, cut at spaces and around punctuation, as the normalizer and the pre-tokenizer of tokenizer.json do it."""
    words, word = [], ""
    for char in text.lower():
        if char.isalnum():
            word += char
            continue
        if word:
            words.append(word)
            word = ""
        if not char.isspace():
            words.append(char)
    return words + [word] if word else words


def wordpieces(corpus):
    """A vocabulary of the characters and of the pairs that occur most often, merged one after the other."""
    counts = Counter(word for text in corpus for word in pieces(text))
    split = {word: [word[0]] + ["##" + c for c in word[1:]] for word in counts}
    alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
    vocabulary = ["[PAD]", "[UNK]"] + list(alphabet) + ["##" + c for c in alphabet] + list(".,!?:()'-;/")
    known = set(vocabulary)
    for _ in range(MERGES):
        pairs = Counter()
        for word, count in counts.items():
            for pair in zip(split[word], split[word][1:]):
                pairs[pair] += count
        if not pairs:
            break
        (left, right), count = min(pairs.items(), key=lambda each: (-each[1], each[0]))
        if count < 3:
            break
        merged = left + right.removeprefix("##")
        if merged not in known:
            known.add(merged)
            vocabulary.append(merged)
        for word, parts in split.items():
            i, fresh = 0, []
            while i < len(parts):
                if i + 1 < len(parts) and parts[i] == left and parts[i + 1] == right:
                    fresh.append(merged)
                    i += 2
                else:
                    fresh.append(parts[i])
                    i += 1
            split[word] = fresh
    return vocabulary


def tokenizer(vocabulary):
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            dict(id=i, content=each, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
            for i, each in enumerate(vocabulary[:2])
        ],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 40,
            "vocab": {each: i for i, each in enumerate(vocabulary)},
        },
    }


def encode(text, index):
    """What a WordPiece tokenizer makes of the text: the longest known piece first."""
    ids = []
    for word in pieces(text):
        found, start = [], 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = ("##" if start else "") + word[start:end]
                if piece in index:
                    found.append(index[piece])
                    start = end
                    break
            else:
                found = [index["[UNK]"]]
                break
        ids += found
    return ids[:LENGTH]


def train(samples, labels, vocabulary, file):
    """Embeddings, their mean over the tokens of the text, and two layers."""
    import torch
    from torch import nn

    torch.manual_seed(1)

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(len(vocabulary), 48)
            self.hidden = nn.Linear(48, 64)
            self.head = nn.Linear(64, len(TOPICS))

        def forward(self, input_ids, attention_mask):
            mask = attention_mask.unsqueeze(-1).to(torch.float32)
            mean = (self.embedding(input_ids) * mask).sum(1) / mask.sum(1).clamp(min=1)
            return self.head(torch.relu(self.hidden(mean)))

    network = Network()
    ids, mask, classes = *rows(samples, vocabulary), torch.tensor(labels)
    optimizer = torch.optim.Adam(network.parameters(), 2e-3)
    for epoch in range(8):
        order = torch.randperm(len(ids))
        for i in range(0, len(ids), 32):
            at = order[i : i + 32]
            loss = nn.functional.cross_entropy(network(ids[at], mask[at]), classes[at])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    network.eval()
    axes = {0: "batch", 1: "tokens"}
    torch.onnx.export(
        network,
        (ids[:2], mask[:2]),
        file,
        input_names=["input_ids", "attention_mask"],
        output_names=["logits"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "logits": {0: "batch"}},
        opset_version=13,
    )
    return network


def rows(samples, vocabulary):
    import torch

    index = {each: i for i, each in enumerate(vocabulary)}
    ids, mask = torch.zeros(len(samples), LENGTH, dtype=torch.int64), torch.zeros(len(samples), LENGTH, dtype=torch.int64)
    for row, text in enumerate(samples):
        tokens = encode(text, index)
        ids[row, : len(tokens)] = torch.tensor(tokens)
        mask[row, : len(tokens)] = 1
    return ids, mask


def accuracy(network, samples, labels, vocabulary):
    import torch

    with torch.no_grad():
        return float((network(*rows(samples, vocabulary)).argmax(1) == torch.tensor(labels)).float().mean())


def write(name, samples, labels):
    names = list(TOPICS)
    lines = "".join(f"{names[label]}\t{text}\n" for text, label in zip(samples, labels))
    with open(name, "wb") as out, gzip.GzipFile("", "wb", 9, out, mtime=0) as packed:
        packed.write(lines.encode())


if __name__ == "__main__":
    model = sys.argv[1] if len(sys.argv) > 1 else "../../model"
    train_texts, train_labels = texts(6000, formal, 1)
    replay = texts(500, formal, 2)
    test = texts(1000, formal, 3)
    target = texts(6000, casual, 4)
    # A tokenizer is made once, from texts of many styles, and not from those of the source domain alone.
    vocabulary = wordpieces(train_texts[:3000] + texts(3000, casual, 5)[0])
    write("source.tsv.gz", *replay)
    write("target.tsv.gz", *target)
    with open("class-names.txt", "w") as file:
        file.write("".join(f"{each}\n" for each in TOPICS))
    with open(os.path.join(model, "text-tokenizer.json"), "w") as file:
        json.dump(tokenizer(vocabulary), file, indent=0)
    network = train(train_texts, train_labels, vocabulary, os.path.join(model, "text.onnx"))
    print(
        f"{len(vocabulary)} pieces, source test {accuracy(network, *test, vocabulary):.4f},"
        f" target {accuracy(network, *target, vocabulary):.4f}"
    )
