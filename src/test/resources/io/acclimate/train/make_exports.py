"""Networks of torchvision, exported as users export them, and what three steps of PyTorch make of them.

    /usr/bin/python3 make_exports.py FOLDER      (Debian: python3-torch, python3-torchvision, python3-onnx)

Writes 24 PNG files and labels.txt, per network the exports and, per parametrisation (plain, or merged where the exporter merged
weights), NAME.weights, an ONNX graph of initializers, and NAME.before and NAME.after, float32 logits of the 24 files; and
exports.tsv: file, parametrisation, what it is. Images are [24, 3, 32, 32], (pixel / 255 - 0.5) / 0.5.
"""
import copy
import pathlib
import sys
import warnings

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from PIL import Image
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval
from torch.onnx import TrainingMode
from torchvision import models as zoo
from torchvision.models.convnext import CNBlockConfig
from torchvision.models.resnet import Bottleneck

warnings.filterwarnings('ignore')
torch.set_num_threads(2)
FOLDER = pathlib.Path(sys.argv[1])
SIDE, CLASSES, FILES, STEPS = 32, 10, 24, 3
OPSETS = {'bottleneck': (9, 11, 17), 'mobilenet_v3_small': (11, 17), 'convnext': (11, 17), 'vit': (12, 17)}


def networks():
    return {
        'resnet18': zoo.resnet18(num_classes=CLASSES),
        'bottleneck': zoo.ResNet(Bottleneck, [1, 1, 1, 1], width_per_group=8, num_classes=CLASSES),
        'mobilenet_v3_small': zoo.mobilenet_v3_small(num_classes=CLASSES),
        'shufflenet_v2_x0_5': zoo.shufflenet_v2_x0_5(num_classes=CLASSES),
        'densenet': zoo.DenseNet(growth_rate=12, block_config=(2, 3, 2), num_init_features=16, num_classes=CLASSES),
        'squeezenet1_1': zoo.squeezenet1_1(num_classes=CLASSES),
        'convnext': zoo.ConvNeXt(
            [CNBlockConfig(16, 32, 2), CNBlockConfig(32, 64, 2), CNBlockConfig(64, None, 1)], num_classes=CLASSES),
        'vit': zoo.VisionTransformer(
            image_size=SIDE, patch_size=8, num_layers=2, num_heads=2, hidden_dim=32, mlp_dim=64, num_classes=CLASSES),
        'swin': zoo.SwinTransformer(
            patch_size=[2, 2], embed_dim=16, depths=[2, 2], num_heads=[2, 4], window_size=[4, 4], num_classes=CLASSES),
    }


def seasoned(model, name):
    """Statistics as after training, so that they matter; scales and shifts stay at 1 and 0 in some, and are shared by the exporter."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, 0, 0.1)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
            if name in ('mobilenet_v3_small', 'densenet'):
                nn.init.uniform_(module.weight, 0.5, 1.5)
                nn.init.normal_(module.bias, 0, 0.1)
    for parameter_name, parameter in model.named_parameters():
        if parameter_name in ('heads.head.weight', 'heads.head.bias', 'class_token') or 'layer_scale' in parameter_name:
            nn.init.normal_(parameter, 0, 0.3)
    return model.eval()


def merged(model, name):
    """The same function with the exporter's parameters: batch norm inside convolutions, position biases looked up."""
    twin = copy.deepcopy(model)
    if name == 'swin':
        for module in twin.modules():
            if hasattr(module, 'relative_position_bias_table'):
                index = module.relative_position_index
                module.relative_position_bias_table = nn.Parameter(module.relative_position_bias_table.detach()[index].clone())
                module.relative_position_index = torch.arange(index.numel())
        return twin
    names = {module: each for each, module in twin.named_modules()}
    made, pairs = {}, []
    for module in names:
        if isinstance(module, nn.Conv2d):
            module.register_forward_hook(lambda conv, _, out: made.update({id(out): (conv, out)}))
        elif isinstance(module, nn.BatchNorm2d):
            module.register_forward_pre_hook(lambda norm, given: pairs.append((made.get(id(given[0])), norm)))
    with torch.no_grad():
        twin(torch.zeros(1, 3, SIDE, SIDE))
    for module in names:
        module._forward_hooks.clear()
        module._forward_pre_hooks.clear()
    for found, norm in pairs:
        if found:
            for module, put in ((found[0], fuse_conv_bn_eval(found[0], norm)), (norm, nn.Identity())):
                home, _, leaf = names[module].rpartition('.')
                setattr(twin.get_submodule(home), leaf, put)
    return twin


def train(model, images, labels, out):
    """Statistics frozen, nothing dropped: the model stays in evaluation mode."""
    with torch.no_grad():
        model(images).numpy().tofile(f'{out}.before')
    optimizer = torch.optim.SGD(model.parameters(), lr=0.002, momentum=0.9)
    rows = FILES // STEPS
    for step in range(STEPS):
        part = slice(step * rows, (step + 1) * rows)
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images[part]), labels[part]).backward()
        optimizer.step()
    with torch.no_grad():
        model(images).numpy().tofile(f'{out}.after')
    weights = [numpy_helper.from_array(p.detach().numpy(), n) for n, p in sorted(model.named_parameters())]
    graph = onnx.GraphProto(initializer=weights)
    pathlib.Path(f'{out}.weights').write_bytes(graph.SerializeToString())


def export(model, path, mode=TrainingMode.EVAL, fold=True, opset=14, batch=None):
    axes = None if batch else {'image': {0: 'n'}, 'logits': {0: 'n'}}
    model = copy.deepcopy(model)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 0  # a trace in training mode would move the statistics
    torch.onnx.export(
        model, torch.randn(batch or 2, 3, SIDE, SIDE), str(path), training=mode, do_constant_folding=fold, opset_version=opset,
        dynamic_axes=axes, input_names=['image'], output_names=['logits'])


def constants_and_softmax(source, path):
    """As other exporters write: no initializers, weights in Constant nodes, probabilities at the end."""
    model = onnx.load(str(source))
    graph = model.graph
    nodes = [helper.make_node('Constant', [], [each.name], value=each) for each in graph.initializer]
    nodes += list(graph.node) + [helper.make_node('Softmax', ['logits'], ['probabilities'], axis=1)]
    del graph.initializer[:], graph.node[:]
    graph.node.extend(nodes)
    graph.output[0].name = 'probabilities'
    onnx.save(model, str(path))


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(7)
    pixels = random.integers(0, 256, (FILES, SIDE, SIDE, 3), dtype=np.uint8)
    labels = torch.from_numpy(random.integers(0, CLASSES, FILES))
    for i in range(FILES):
        Image.fromarray(pixels[i]).save(FOLDER / f'{i:02}.png')
    (FOLDER / 'labels.txt').write_text('\n'.join(map(str, labels.tolist())) + '\n')
    images = (torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255 - 0.5) / 0.5

    torch.manual_seed(1)
    listed = []
    for name, model in networks().items():
        seasoned(model, name)
        has_norm = any(isinstance(module, nn.BatchNorm2d) for module in model.modules())
        (FOLDER / name).mkdir(exist_ok=True)

        def add(kind, mode=TrainingMode.EVAL, fold=True, **how):
            merges = (has_norm and mode == TrainingMode.EVAL) or (name == 'swin' and fold)
            export(model, FOLDER / name / f'{kind}.onnx', mode, fold, **how)
            listed.append((name, kind, 'merged' if merges else 'plain'))

        add('eval-folded')
        add('eval', fold=False)
        add('kept-folded', TrainingMode.PRESERVE)
        add('kept', TrainingMode.PRESERVE, fold=False)
        if name != 'resnet18':  # at full size four forms are enough; the bottleneck network has them all
            add('one-eval-folded', batch=1)
            add('one-kept', TrainingMode.PRESERVE, fold=False, batch=1)
            constants_and_softmax(FOLDER / name / 'kept.onnx', FOLDER / name / 'constants.onnx')
            listed.append((name, 'constants', 'plain'))
        for opset in OPSETS.get(name, ()):
            add(f'opset-{opset}', TrainingMode.PRESERVE, fold=False, opset=opset)
        if name in ('bottleneck', 'mobilenet_v3_small', 'squeezenet1_1'):
            add('training', TrainingMode.TRAINING, fold=False)

        if any(each[0] == name and each[2] == 'merged' for each in listed):
            train(merged(model, name), images, labels, FOLDER / name / 'merged')
        train(model, images, labels, FOLDER / name / 'plain')
    (FOLDER / 'exports.tsv').write_text(''.join('\t'.join(each) + '\n' for each in listed))


main()
