#!/usr/bin/python3
"""Makes the networks that `bench adapt` compares adaptation on: make_networks.py OUT_DIR [NAME ...]

Each is trained on the Fashion-MNIST training set, padded to 32x32 and repeated over RGB, as the bundled model is, and written as
NAME.onnx with its card NAME.yaml. Needs Debian's python3-torch, python3-onnx and dataset-fashion-mnist; takes some minutes in all.

  resnet         residual network, batch normalisation as nodes of its own
  resnet-folded  the same weights, batch normalisation folded into the convolutions, as exporters write it by default
  mobile         in the manner of MobileNetV3: depthwise convolutions, hard swish, squeeze and excitation, batch normalisation folded
  vit            vision transformer: patches of 4x4, LayerNorm, attention, GELU
"""
import gzip
import os
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

DATA = "/usr/share/datasets/fashion-mnist/"
CLASSES = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
EPOCHS, BATCH = 3, 64


def idx(name):
    raw = gzip.open(DATA + name, "rb").read()
    dims = raw[3]
    return np.frombuffer(raw, np.uint8, -1, 4 + 4 * dims).reshape(np.frombuffer(raw, ">u4", dims, 4))


def rows(images):
    padded = np.zeros((len(images), 32, 32), np.float32)
    padded[:, 2:30, 2:30] = images
    return torch.from_numpy(np.repeat(padded[:, None], 3, 1) / 127.5 - 1)


class Residual(nn.Module):
    def __init__(self, come, go, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(come, go, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(go)
        self.conv2 = nn.Conv2d(go, go, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(go)
        self.down = nn.Sequential() if come == go and stride == 1 else nn.Sequential(
            nn.Conv2d(come, go, 1, stride, bias=False), nn.BatchNorm2d(go))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + self.down(x))


def resnet():
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
        Residual(16, 16, 1), Residual(16, 32, 2), Residual(32, 64, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


class Excite(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.reduce = nn.Conv2d(width, width // 4, 1)
        self.expand = nn.Conv2d(width // 4, width, 1)

    def forward(self, x):
        return x * F.hardsigmoid(self.expand(F.relu(self.reduce(F.adaptive_avg_pool2d(x, 1)))))


class Inverted(nn.Module):
    def __init__(self, come, wide, go, stride):
        super().__init__()
        self.same = come == go and stride == 1
        self.body = nn.Sequential(
            nn.Conv2d(come, wide, 1, bias=False), nn.BatchNorm2d(wide), nn.Hardswish(),
            nn.Conv2d(wide, wide, 3, stride, 1, groups=wide, bias=False), nn.BatchNorm2d(wide), nn.Hardswish(),
            Excite(wide), nn.Conv2d(wide, go, 1, bias=False), nn.BatchNorm2d(go))

    def forward(self, x):
        return x + self.body(x) if self.same else self.body(x)


def mobile():
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16), nn.Hardswish(),
        Inverted(16, 32, 16, 1), Inverted(16, 64, 24, 2), Inverted(24, 96, 24, 1), Inverted(24, 96, 32, 2), Inverted(32, 128, 32, 1),
        nn.Conv2d(32, 128, 1, bias=False), nn.BatchNorm2d(128), nn.Hardswish(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 128), nn.Hardswish(), nn.Linear(128, 10))


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.depth = heads, width // heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x):
        q, k, v = [part.reshape(-1, 65, self.heads, self.depth).transpose(1, 2) for part in self.qkv(x).chunk(3, 2)]
        mixed = (q @ k.transpose(2, 3) / self.depth ** 0.5).softmax(3) @ v
        return self.out(mixed.transpose(1, 2).reshape(-1, 65, self.heads * self.depth))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(width), Attention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class VisionTransformer(nn.Module):
    def __init__(self, width=48, depth=3, heads=4):
        super().__init__()
        self.patches = nn.Conv2d(3, width, 4, 4)
        self.token = nn.Parameter(torch.zeros(1, 1, width))
        self.position = nn.Parameter(torch.randn(1, 65, width) * 0.02)
        self.blocks = nn.Sequential(*[Block(width, heads) for _ in range(depth)])
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, 10)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        token = self.token + x[:, :1] * 0
        return self.head(self.norm(self.blocks(torch.cat([token, x], 1) + self.position))[:, 0])


def train(net, images, labels):
    steps = EPOCHS * len(images) // BATCH
    optimizer = torch.optim.AdamW(net.parameters(), 2e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, steps)
    order = torch.cat([torch.randperm(len(images)) for _ in range(EPOCHS)])
    net.train()
    for step in range(steps):
        chosen = order[step * BATCH:(step + 1) * BATCH]
        batch = rows(images[chosen])
        flipped = torch.rand(len(batch)) < 0.5
        batch[flipped] = batch[flipped].flip(3)
        loss = F.cross_entropy(net(batch), labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    net.eval()


def accuracy(net, images, labels):
    with torch.no_grad():
        hits = sum((net(rows(images[i:i + 500])).argmax(1) == labels[i:i + 500]).sum().item() for i in range(0, len(images), 500))
    return hits / len(images)


def write(net, name, folder, keep_norm, reached):
    mode = torch.onnx.TrainingMode.PRESERVE if keep_norm else torch.onnx.TrainingMode.EVAL
    path = os.path.join(folder, name + ".onnx")
    torch.onnx.export(
        net, torch.zeros(2, 3, 32, 32), path, opset_version=17, training=mode, input_names=["image"], output_names=["logits"],
        dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}})
    card = ["name: " + name, "input: image", "shape: [3, 32, 32]", "layout: NCHW", "colour: RGB", "resize: PAD", "mean: [0.5, 0.5, 0.5]",
            "std: [0.5, 0.5, 0.5]", "output: logits", "kind: LOGITS", "classes:"] + ["- " + c for c in CLASSES]
    card += ["provenance:", "  script: make_networks.py", "  testAccuracy: '%.4f'" % reached]
    with open(os.path.join(folder, name + ".yaml"), "w") as out:
        out.write("\n".join(card) + "\n")


def main():
    folder, wanted = sys.argv[1], sys.argv[2:]
    os.makedirs(folder, exist_ok=True)
    images, labels = idx("train-images-idx3-ubyte.gz"), torch.from_numpy(idx("train-labels-idx1-ubyte.gz").astype(np.int64))
    test, test_labels = idx("t10k-images-idx3-ubyte.gz"), torch.from_numpy(idx("t10k-labels-idx1-ubyte.gz").astype(np.int64))
    torch.set_num_threads(1)
    for name, build in {"resnet": resnet, "mobile": mobile, "vit": VisionTransformer}.items():
        if wanted and name not in wanted:
            continue
        torch.manual_seed(1)
        began = time.process_time()
        net = build()
        train(net, images, labels)
        reached = accuracy(net, test, test_labels)
        print("%s: %d weights, test accuracy %.4f, %.0f s" % (
            name, sum(p.numel() for p in net.parameters()), reached, time.process_time() - began), flush=True)
        write(net, name, folder, name == "resnet", reached)
        if name == "resnet":
            write(net, "resnet-folded", folder, False, reached)


if __name__ == "__main__":
    main()
