"""torchvision's transforms of uint8 tensors, one thread."""

import torch
from pipelines import MEAN, STD
from torchvision import __version__ as VERSION
from torchvision.transforms import InterpolationMode, v2
from torchvision.transforms.v2 import functional as F

from steps import POLICIES, SIGMA, SMALLER, each

__all__ = ["VERSION", "start"]

WARP = {"interpolation": InterpolationMode.BILINEAR, "fill": [128.0]}


def affine(image, angle=0.0, translate=(0, 0), shear=(0.0, 0.0)):
    return F.affine(image, angle, list(translate), 1.0, list(shear), **WARP)


def start(work, images):
    """A step that makes images and gives their number."""
    torch.set_num_threads(1)
    if work in POLICIES and work != "none":
        policy = {
            "autoaugment": lambda: v2.AutoAugment(**WARP),
            "trivialaugment": lambda: v2.TrivialAugmentWide(**WARP),
        }.get(work, lambda: v2.RandAugment(*POLICIES[work][1], **WARP))
        run = policy()
    else:
        run = {
            "none": torch.clone,
            "brightness": lambda image: F.adjust_brightness(image, 1.45),
            "contrast": lambda image: F.adjust_contrast(image, 1.45),
            "color": lambda image: F.adjust_saturation(image, 1.45),
            "sharpness": lambda image: F.adjust_sharpness(image, 1.45),
            "shear_x": lambda image: affine(image, shear=(8.5, 0.0)),
            "shear_y": lambda image: affine(image, shear=(0.0, 8.5)),
            "translate_x": lambda image: affine(image, translate=(50, 0)),
            "translate_y": lambda image: affine(image, translate=(0, 50)),
            "rotate": lambda image: F.rotate(image, 15.0, **WARP),
            "posterize": lambda image: F.posterize(image, 6),
            "solarize": lambda image: F.solarize(image, 128),
            "auto_contrast": F.autocontrast,
            "equalize": F.equalize,
            "flip": F.horizontal_flip,
            "gaussian_blur": lambda image: F.gaussian_blur(image, [11, 11], [SIGMA, SIGMA]),
            "resize": lambda image: F.resize(image, [SMALLER, SMALLER], antialias=True),
            "normalize": lambda image: F.normalize(image.float(), MEAN, STD),
        }[work]
    tensors = [torch.from_numpy(image).permute(2, 0, 1).contiguous() for image in images]
    return each(tensors, run)
