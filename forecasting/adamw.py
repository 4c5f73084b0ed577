"""AdamW in a page: torch's own pulls in its compiler, which takes longer to load than a small shop to fit."""

import math
from collections.abc import Iterable

import torch
from torch import Tensor, nn


class AdamW:
    """Adam with decoupled weight decay (Loshchilov and Hutter, 2019), betas 0.9 and 0.999."""

    def __init__(self, parameters: Iterable[nn.Parameter], weight_decay: float = 0.01) -> None:
        self.parameters = list(parameters)
        self.weight_decay = weight_decay
        self._means = [torch.zeros_like(value) for value in self.parameters]
        self._squares = [torch.zeros_like(value) for value in self.parameters]
        self._steps = 0

    @torch.no_grad()
    def step(self, learning_rate: float, largest_norm: float = 1.0) -> None:
        """Move every parameter along its gradient, the whole gradient shortened to `largest_norm`; forget it."""
        self._steps += 1
        first, second = 1 - 0.9**self._steps, 1 - 0.999**self._steps
        gradients = [torch.zeros_like(value) if value.grad is None else value.grad for value in self.parameters]
        shrink = largest_norm / max(_norm(gradients), largest_norm)
        for value, gradient, mean, square in zip(self.parameters, gradients, self._means, self._squares, strict=True):
            gradient.mul_(shrink)
            mean.lerp_(gradient, 0.1)
            square.mul_(0.999).addcmul_(gradient, gradient, value=0.001)
            value.mul_(1 - learning_rate * self.weight_decay)
            spread = (square.sqrt() / math.sqrt(second)).add_(1e-8)
            value.addcdiv_(mean, spread, value=-learning_rate / first)
            value.grad = None


def _norm(gradients: list[Tensor]) -> float:
    """Length of all gradients together."""
    return math.sqrt(sum(float((gradient * gradient).sum()) for gradient in gradients))
