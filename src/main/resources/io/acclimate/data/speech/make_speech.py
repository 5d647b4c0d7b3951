"""Makes the speech data and the speech network beside it. Needs espeak-ng, NumPy and PyTorch (Debian: espeak-ng, python3-numpy,
python3-torch, python3-onnx). The same versions give the same files.

Ten words are spoken by espeak-ng. The source domain is one voice in a quiet room; the target domain is another voice in noise. No
two recordings have the same speed, pitch, loudness and place of the word. README.md says what the features are.

Usage: make_speech.py [FOLDER FOR THE MODEL]
"""

import gzip
import io
import os
import random
import struct
import subprocess
import sys
import wave
from concurrent.futures import ThreadPoolExecutor

import numpy as np

WORDS = ["yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go"]
RATE = 22050
WINDOW = 551  # 25 ms
HOP = 441  # 20 ms
FFT = 1024
BANDS = 24
FRAMES = 40
LOW, HIGH = 60.0, 8000.0
LENGTH = WINDOW + HOP * (FRAMES - 1)

SOURCE = dict(voice="en-us", snr=(25, 40), pitch=(30, 60), speed=(140, 200))
TARGET = dict(voice="en-gb-scotland+f3", snr=(3, 9), pitch=(40, 75), speed=(130, 210))


def spoken(word, voice, speed, pitch):
    """The samples of one word, -1 to 1, without the silence around it."""
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdout", word]
    # espeak-ng writes a header with an unknown length to a pipe.
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    with wave.open(io.BytesIO(raw)) as sound:
        assert sound.getframerate() == RATE and sound.getnchannels() == 1
    samples = np.frombuffer(raw[44 : 44 + (len(raw) - 44) // 2 * 2], "<i2").astype(np.float32) / 32768
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    return samples[loud[0] : loud[-1] + 1]


def noise(rng, length):
    """Half white, half pink noise of power 1."""
    white = rng.standard_normal(length)
    spectrum = np.fft.rfft(rng.standard_normal(length))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    pink = np.fft.irfft(spectrum, length)
    mixed = white / white.std() + pink / pink.std()
    return mixed / mixed.std()


def mel(hertz):
    return 1127.0 * np.log1p(hertz / 700.0)


def filters():
    """Triangles between points that are evenly spaced on the mel scale, [bands, bins]."""
    edges = np.linspace(mel(LOW), mel(HIGH), BANDS + 2)
    bins = mel(np.arange(FFT // 2 + 1) * RATE / FFT)
    up = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    down = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(up, down))


FILTERS = filters()
HANN = np.hanning(WINDOW)


def features(samples):
    """[bands, frames] bytes: decibels of the power in each mel band from -60 to 36, in steps of 1.5."""
    frames = np.stack([samples[i * HOP : i * HOP + WINDOW] * HANN for i in range(FRAMES)])
    power = np.abs(np.fft.rfft(frames, FFT)) ** 2
    decibels = 10 * np.log10(power @ FILTERS.T + 1e-9).T
    return np.clip(np.round((decibels + 60) / 1.5), 0, 63).astype(np.uint8)


def recording(number, domain, seed):
    random_of = random.Random(f"{seed}-{number}")
    rng = np.random.default_rng([seed, number])
    label = number % len(WORDS)
    word = spoken(
        WORDS[label], domain["voice"], random_of.randint(*domain["speed"]), random_of.randint(*domain["pitch"])
    )[:LENGTH]
    clip = np.zeros(LENGTH)
    start = random_of.randint(0, LENGTH - len(word))
    clip[start : start + len(word)] = word * random_of.uniform(0.4, 1.0)
    power = np.sqrt(np.mean(clip[start : start + len(word)] ** 2))
    clip += noise(rng, LENGTH) * power * 10 ** (-random_of.uniform(*domain["snr"]) / 20)
    return features(clip), label


def recordings(count, domain, seed):
    """Recordings in a random order of words."""
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda number: recording(number, domain, seed), range(count)))
    random.Random(seed).shuffle(made)
    return np.stack([each for each, _ in made]), np.array([label for _, label in made])


def write(name, header, values):
    with open(name, "wb") as out, gzip.GzipFile("", "wb", 9, out, mtime=0) as packed:
        packed.write(header + values.astype(np.uint8).tobytes())


def write_set(name, values, labels):
    write(f"{name}-features-idx3-ubyte.gz", struct.pack(">IIII", 0x803, len(values), BANDS, FRAMES), values)
    write(f"{name}-labels-idx1-ubyte.gz", struct.pack(">II", 0x801, len(labels)), labels)


def train(values, labels, file):
    """A network of three convolutions over time, the mel bands are its channels. Returns it for tests."""
    import torch
    from torch import nn

    torch.manual_seed(1)
    torch.set_num_threads(2)
    network = nn.Sequential(
        nn.Conv1d(BANDS, 48, 5, padding=2),
        nn.ReLU(),
        nn.MaxPool1d(2),
        nn.Conv1d(48, 64, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool1d(2),
        nn.Conv1d(64, 64, 3, padding=1),
        nn.ReLU(),
        nn.AdaptiveAvgPool1d(1),
        nn.Flatten(),
        nn.Linear(64, len(WORDS)),
    )
    rows, classes = as_rows(values), torch.from_numpy(labels)
    epochs, batch = 20, 32
    optimizer = torch.optim.Adam(network.parameters(), 2e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, epochs * (len(rows) // batch))
    for epoch in range(epochs):
        order = torch.randperm(len(rows))
        for i in range(len(rows) // batch):
            at = order[i * batch : (i + 1) * batch]
            # Another loudness, as a shift of all decibels.
            moved = rows[at] + 0.2 * torch.randn(len(at), 1, 1)
            loss = nn.functional.cross_entropy(network(moved), classes[at])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    network.eval()
    torch.onnx.export(
        network,
        rows[:1],
        file,
        input_names=["logmel"],
        output_names=["logits"],
        dynamic_axes={"logmel": {0: "batch"}, "logits": {0: "batch"}},
        opset_version=13,
    )
    return network


def as_rows(values):
    import torch

    # What Speech.java makes of a byte.
    return torch.from_numpy(values.astype(np.float32) / 16 - 2)


def accuracy(network, values, labels):
    import torch

    with torch.no_grad():
        return float((network(as_rows(values)).argmax(1) == torch.from_numpy(labels)).float().mean())


if __name__ == "__main__":
    model = sys.argv[1] if len(sys.argv) > 1 else "../../model"
    train_set = recordings(3000, SOURCE, 1)
    replay_set = recordings(400, SOURCE, 2)
    test_set = recordings(500, SOURCE, 3)
    target_set = recordings(3000, TARGET, 4)
    write_set("source", *replay_set)
    write_set("target", *target_set)
    network = train(*train_set, os.path.join(model, "speech.onnx"))
    print(f"source test {accuracy(network, *test_set):.4f}, target {accuracy(network, *target_set):.4f}")
