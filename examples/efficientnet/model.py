"""Models by name: EfficientNet-B0 and a small one for a CPU, written here; all others from torchvision or timm."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

#: EfficientNet-B0 (Tan and Le, 2019, table 1): expansion, channels, layers, stride, kernel.
STAGES = [
    (1, 16, 1, 1, 3),
    (6, 24, 2, 2, 3),
    (6, 40, 2, 2, 5),
    (6, 80, 3, 2, 3),
    (6, 112, 3, 1, 5),
    (6, 192, 4, 2, 5),
    (6, 320, 1, 1, 3),
]


def convolution(
    inputs: int, outputs: int, kernel: int = 1, stride: int = 1, groups: int = 1
) -> nn.Sequential:
    """Convolution and batch normalisation."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
    )


class Squeeze(nn.Module):
    """Weighs channels by their means over the image."""

    def __init__(self, channels: int, hidden: int) -> None:
        super().__init__()
        self.weigh = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(channels, hidden, 1),
            nn.SiLU(inplace=True),
            nn.Conv2d(hidden, channels, 1),
            nn.Sigmoid(),
        )

    def forward(self, x: Tensor) -> Tensor:
        return x * self.weigh(x)


class Block(nn.Module):
    """Expand, filter each channel, weigh, project; around it a shortcut where the shapes agree."""

    def __init__(self, inputs: int, outputs: int, expand: int, stride: int, kernel: int, drop: float) -> None:
        super().__init__()
        wide = inputs * expand
        expansion = [convolution(inputs, wide), nn.SiLU(inplace=True)] if expand > 1 else []
        self.layers = nn.Sequential(
            *expansion,
            convolution(wide, wide, kernel, stride, wide),
            nn.SiLU(inplace=True),
            Squeeze(wide, inputs // 4),
            convolution(wide, outputs),
        )
        self.shortcut, self.drop = stride == 1 and inputs == outputs, drop

    def forward(self, x: Tensor) -> Tensor:
        y = self.layers(x)
        if not self.shortcut:
            return y
        if self.training and self.drop > 0:  # whole samples take the shortcut alone
            keep = 1 - self.drop
            y = y * (torch.rand(len(y), 1, 1, 1, device=y.device, dtype=y.dtype) < keep) / keep
        return x + y


class EfficientNetB0(nn.Module):
    """EfficientNet-B0 with the regularisation of the paper: dropout 0.2, stochastic depth rising to 0.2."""

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        blocks: list[nn.Module] = [convolution(3, 32, 3, 2), nn.SiLU(inplace=True)]
        channels, done, total = 32, 0, sum(stage[2] for stage in STAGES)
        for expand, outputs, layers, stride, kernel in STAGES:
            for layer in range(layers):
                drop = 0.2 * done / total
                blocks.append(Block(channels, outputs, expand, stride if layer == 0 else 1, kernel, drop))
                channels, done = outputs, done + 1
        self.features = nn.Sequential(*blocks, convolution(channels, 1280), nn.SiLU(inplace=True))
        self.classify = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, classes))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out")
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
            elif isinstance(module, nn.Linear):
                nn.init.uniform_(module.weight, -1 / math.sqrt(classes), 1 / math.sqrt(classes))
                nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.classify(self.features(x).mean((2, 3)))


def small(classes: int) -> nn.Module:
    """Four convolutions, 100 thousand parameters: learns on a CPU in seconds."""
    layers: list[nn.Module] = []
    for inputs, outputs in [(3, 16), (16, 32), (32, 64), (64, 128)]:
        layers += [convolution(inputs, outputs, 3, 2), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, classes))


def create(name: str, classes: int) -> nn.Module:
    """ "efficientnet_b0", "small", or the name of a model of torchvision or timm ("torchvision:resnet50", "timm:...")."""
    library, _, theirs = name.partition(":")
    if library == "torchvision" and theirs:
        from torchvision.models import get_model

        return get_model(theirs, num_classes=classes)
    if library == "timm" and theirs:
        import timm

        return timm.create_model(theirs, num_classes=classes)
    if name not in ("efficientnet_b0", "small"):
        raise SystemExit(
            f"--model {name}: efficientnet_b0, small, torchvision:NAME and timm:NAME are possible"
        )
    return EfficientNetB0(classes) if name == "efficientnet_b0" else small(classes)
