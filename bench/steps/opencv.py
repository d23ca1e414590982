"""OpenCV on arrays, one thread; operators only."""

import cv2
import numpy as np
from cv2 import __version__ as VERSION
from pipelines import MEAN, STD

from steps import SIGMA, SMALLER, each

__all__ = ["VERSION", "start"]

EYE = np.float32([[1, 0, 0], [0, 1, 0]])
LUMA = np.float32([0.299, 0.587, 0.114])
FACTOR = 1.45
SHARPEN = np.float32([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]) * 0.45 / 13 + np.float32(
    [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
)


def warp(matrix):
    grey = {"flags": cv2.INTER_LINEAR, "borderMode": cv2.BORDER_CONSTANT, "borderValue": (128,) * 3}
    return lambda image: cv2.warpAffine(image, matrix, image.shape[1::-1], **grey)


def moved(row, column, by):
    matrix = EYE.copy()
    matrix[row, column] += by
    return warp(matrix)


def contrast(image):
    mean = cv2.mean(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))[0]
    return cv2.convertScaleAbs(image, alpha=FACTOR, beta=(1 - FACTOR) * mean)


def auto_contrast(image):
    channels = [cv2.normalize(c, None, 0, 255, cv2.NORM_MINMAX) for c in cv2.split(image)]
    return cv2.merge(channels)


def normalize(image):
    out = np.empty((3, *image.shape[:2]), np.float32)
    for channel, to, mean, deviation in zip(cv2.split(image), out, MEAN, STD, strict=True):
        np.multiply(channel, np.float32(1 / deviation), out=to, dtype=np.float32)
        to -= np.float32(mean / deviation)
    return out


def start(work, images):
    """A step that makes images and gives their number."""
    cv2.setNumThreads(1)
    table = np.arange(256, dtype=np.uint8)
    solarized = np.where(table < 128, table, 255 - table).astype(np.uint8)
    saturation = FACTOR * np.eye(3, dtype=np.float32) + (1 - FACTOR) * LUMA
    runs = {
        "none": np.copy,
        "brightness": lambda image: cv2.convertScaleAbs(image, alpha=FACTOR),
        "contrast": contrast,
        "color": lambda image: cv2.transform(image, saturation),
        "sharpness": lambda image: cv2.filter2D(image, -1, SHARPEN),
        "shear_x": moved(0, 1, 0.15),
        "shear_y": moved(1, 0, 0.15),
        "translate_x": moved(0, 2, 50),
        "translate_y": moved(1, 2, 50),
        "rotate": warp(np.float32(cv2.getRotationMatrix2D((111.5, 111.5), 15, 1))),
        "posterize": lambda image: cv2.LUT(image, table & 0xFC),
        "solarize": lambda image: cv2.LUT(image, solarized),
        "auto_contrast": auto_contrast,
        "equalize": lambda image: cv2.merge([cv2.equalizeHist(c) for c in cv2.split(image)]),
        "flip": lambda image: cv2.flip(image, 1),
        "gaussian_blur": lambda image: cv2.GaussianBlur(image, (0, 0), SIGMA),
        "resize": lambda image: cv2.resize(image, (SMALLER, SMALLER), interpolation=cv2.INTER_AREA),
        "normalize": normalize,
    }
    if work not in runs:
        raise ImportError(f"OpenCV has no {work}")
    return each(images, runs[work])
