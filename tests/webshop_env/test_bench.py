"""The measures of speed measure something."""

from webshop_env.bench import measure_speed


def test_speed_is_measured_on_any_catalogue(catalog):
    speed = measure_speed(catalog, steps=500)

    assert speed.products == 6
    assert min(speed.cold_steps, speed.warm_steps) > 100
    assert 0 < speed.search_p50_ms <= speed.search_p95_ms
