"""Writes cmaes.json: generations of candidates, and what another implementation makes of them.

Run with Debian's python3-cmaes 0.9.1 and python3-numpy: /usr/bin/python3 make.py > cmaes.json
"""

import json

import numpy as np
from cmaes import CMA, SepCMA


def rosenbrock(x):
    return float(np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))


def ellipsoid(x):
    return float(np.sum(1e4 ** (np.arange(len(x)) / (len(x) - 1)) * x**2))


def full(mean, sigma, population):
    return CMA(mean=np.array(mean), sigma=sigma, population_size=population, seed=7)


def diagonal(mean, sigma, population):
    """With the tutorial's constants, learning (n + 2) / 3 times as fast.

    They are not SepCMA's own, so that these cases check the update and not the constants.
    """
    by_rank = full(mean, sigma, population)
    search = SepCMA(mean=np.array(mean), sigma=sigma, population_size=population, seed=7)
    search._weights = by_rank._weights[: by_rank._mu]
    search._mu_eff = by_rank._mu_eff
    for name in ("_cc", "_c_sigma", "_d_sigma"):
        setattr(search, name, getattr(by_rank, name))
    faster = (len(mean) + 2) / 3
    search._c1 = faster * by_rank._c1
    search._cmu = faster * by_rank._cmu
    return search


def case(name, make, function, mean, sigma, population, generations):
    search = make(mean, sigma, population)
    search._g = -1  # the first generation is 0, as in the tutorial
    told = []
    for _ in range(generations):
        points = [search.ask() for _ in range(population)]
        values = [function(p) for p in points]
        told.append([[*p.tolist(), -v] for p, v in zip(points, values)])
        search.tell([(p, v) for p, v in zip(points, values)])
    covariance = search._C
    if covariance.ndim == 2:
        covariance = (covariance + covariance.T) / 2
        covariance = covariance[np.tril_indices(len(mean))]
    return {
        "name": name,
        "diagonal": make is diagonal,
        "start": mean,
        "sigma0": sigma,
        "population": population,
        "told": told,
        "mean": search._mean.tolist(),
        "sigma": search._sigma,
        "covariance": covariance.tolist(),
    }


print(
    json.dumps(
        [
            case("Rosenbrock's valley", full, rosenbrock, [0.0, 2.0, -1.0], 0.5, 7, 12),
            case("an ellipsoid", full, ellipsoid, [0.5] * 10, 0.3, 10, 8),
            case("a small step size", full, ellipsoid, [3.0] * 4, 0.01, 9, 15),
            case("independent coordinates", diagonal, ellipsoid, [1.0] * 6, 0.4, 9, 10),
        ]
    )
)
