"""Steps of PyTorch in Python, as `bench train` compares them: NETWORK STEPS ROWS THREADS. Batch statistics are frozen."""
import sys
import time

import torch
from torch import nn


class Basic(nn.Module):
    def __init__(self, come, go):
        super().__init__()
        stride = 1 if come == go else 2
        self.conv1 = nn.Conv2d(come, go, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(go)
        self.conv2 = nn.Conv2d(go, go, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(go)
        self.down = None if stride == 1 else nn.Sequential(nn.Conv2d(come, go, 1, stride, bias=False), nn.BatchNorm2d(go))

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return torch.relu(y + (x if self.down is None else self.down(x)))


def lenet():
    return nn.Sequential(
        nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def residual():
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), Basic(16, 16), Basic(16, 32), Basic(32, 64),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


network, steps, rows, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(threads)
torch.manual_seed(1)
model = {"LENET": lenet, "RESIDUAL": residual}[network]().eval()
optimizer = torch.optim.SGD(model.parameters(), lr=0.001, momentum=0.9)
loss_of = nn.CrossEntropyLoss()
inputs = torch.randn(rows, 3, 32, 32)
labels = torch.randint(0, 10, (rows,))


def step():
    optimizer.zero_grad()
    loss = loss_of(model(inputs), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


for _ in range(max(10, steps // 5)):
    step()
cpu, wall = time.process_time(), time.perf_counter()
for _ in range(steps):
    step()
print(torch.__version__, (time.process_time() - cpu) / steps / rows * 1e6, steps / (time.perf_counter() - wall))
