"""The network: a stacked LSTM over weekly patches with negative binomial heads, in PyTorch.

The stacking follows Dong et al. (2021); mean-scaling and the negative binomial head follow Salinas et
al., DeepAR (2020); the forecast is made for all 21 days at once, not a day at a time.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from forecasting.windows import (
    BASES,
    LEADS,
    PATCH_CHANNELS,
    PATCH_DAYS,
    STATIC_FEATURES,
    STEP_FEATURES,
)

LEADS_WEIGHT, SQUARED_WEIGHT = 0.5, 0.1


@dataclass(frozen=True)
class Shape:
    """The sizes of a network, all that is needed to build it again."""

    main_categories: int
    sub_categories: int
    hidden: int = 48
    layers: int = 2
    step_width: int = 64
    dropout: float = 0.1


@dataclass(frozen=True)
class Demand:
    """What the network says of B products."""

    mean: Tensor
    """(B, 21): units a day."""
    dispersion: Tensor
    """(B, 21): of the negative binomial of each day."""
    lead_mean: Tensor
    """(B, 4): units over 3, 5, 7 and 14 days: the daily means added up."""
    lead_dispersion: Tensor
    """(B, 4): of the negative binomial of each of those sums."""


class DemandNetwork(nn.Module):
    """Patches through a stacked LSTM, then one small decoder shared by the 21 days."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        hidden, width = shape.hidden, shape.step_width
        self.main = nn.Embedding(shape.main_categories + 1, 8)
        self.below = nn.Embedding(shape.sub_categories + 1, 8)
        self.inlet = nn.Linear(PATCH_DAYS * PATCH_CHANNELS, hidden)
        self.layers = nn.ModuleList(nn.LSTM(hidden, hidden) for _ in range(shape.layers))
        self.norms = nn.ModuleList(nn.LayerNorm(hidden) for _ in range(shape.layers))
        self.dropout = nn.Dropout(shape.dropout)
        self.static = nn.Linear(STATIC_FEATURES + 16, 64)
        self.context = nn.Linear(hidden + 64, 2 * width)
        self.to_step = nn.Linear(2 * width, width)
        self.known = nn.Linear(STEP_FEATURES + BASES, width)
        self.step = nn.Sequential(nn.GELU(), nn.Linear(width, width), nn.GELU())
        self.step_out = nn.Linear(width, 2)
        self.blend = nn.Linear(2 * width, BASES)
        self.leads = nn.Sequential(nn.Linear(2 * width + 1, 32), nn.GELU())
        self.leads_out = nn.Linear(32, len(LEADS))
        for last in (self.step_out, self.blend, self.leads_out):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def forward(
        self, patches: Tensor, statics: Tensor, categories: Tensor, steps: Tensor, bases: Tensor, scale: Tensor
    ) -> Demand:
        """The tensors of a `Batch`, in its order; gives means and dispersions in units."""
        context = self._context(patches, statics, categories)
        blend = torch.softmax(self.blend(context), dim=1)
        base = torch.logsumexp(bases + torch.log(blend + 1e-8)[:, None, :], dim=2)
        inner = self.to_step(context)[:, None, :] + self.known(torch.cat([steps, bases.clamp(-3, 3)], dim=2))
        out = self.step_out(self.step(inner))
        mean = scale[:, None] * torch.exp((base + out[:, :, 0]).clamp(-8, 6))
        dispersion = nn.functional.softplus(out[:, :, 1] + 0.5) + 1e-3
        lead_mean = torch.stack([mean[:, :lead].sum(dim=1) for lead in LEADS], dim=1)
        size = torch.log(lead_mean[:, -1:].detach() + 0.1)
        said_of_leads = self.leads_out(self.leads(torch.cat([context, size], dim=1)))
        lead_dispersion = nn.functional.softplus(said_of_leads - 1.0) + 1e-3
        return Demand(mean, dispersion, lead_mean, lead_dispersion)

    def _context(self, patches: Tensor, statics: Tensor, categories: Tensor) -> Tensor:
        """One vector a product, (B, 2 x width)."""
        flow = self.inlet(patches.transpose(0, 1))
        for layer, norm in zip(self.layers, self.norms, strict=True):
            flow = norm(flow + layer(flow)[0])
        named = torch.cat([self.main(categories[:, 0]), self.below(categories[:, 1])], dim=1)
        still = nn.functional.gelu(self.static(torch.cat([statics.clamp(-6, 6), named], dim=1)))
        return nn.functional.gelu(self.context(torch.cat([self.dropout(flow[-1]), still], dim=1)))


def negative_log_likelihood(units: Tensor, mean: Tensor, dispersion: Tensor) -> Tensor:
    """Of a negative binomial with variance mean + dispersion x mean^2, element by element."""
    size = 1 / dispersion
    logits = torch.log(mean + 1e-8) - torch.log(size)
    return -(
        torch.lgamma(units + size)
        - torch.lgamma(size)
        - torch.lgamma(units + 1)
        - size * nn.functional.softplus(logits)
        - units * nn.functional.softplus(-logits)
    )


def loss(said: Demand, units: Tensor, seen: Tensor, scale: Tensor) -> Tensor:
    """Daily likelihood + 0.5 lead-time likelihood + 0.1 clamped scaled squared error, one number.

    The squared error, clamped at 25, steadies the mean on bursts of sales, but pulls it down; a larger
    share of it needs a larger correction of the bias.

    `units`, `seen`: (B, 21); days not seen do not count, and a lead time counts as far as it was seen.
    """
    weight = seen / seen.sum().clamp(min=1)
    daily = (negative_log_likelihood(units, said.mean, said.dispersion) * weight).sum()
    squared = (((units - said.mean) / scale[:, None]) ** 2).clamp(max=25)
    leads = units.new_zeros(())
    for column, lead in enumerate(LEADS):
        share = seen[:, :lead].mean(dim=1)
        full = (share > 0.7).to(units.dtype)
        total = units[:, :lead].sum(dim=1)
        each = negative_log_likelihood(total, said.lead_mean[:, column], said.lead_dispersion[:, column])
        leads = leads + (each * full).sum() / full.sum().clamp(min=1)
    return daily + LEADS_WEIGHT * leads / len(LEADS) + SQUARED_WEIGHT * (squared * weight).sum()
