"""What is compared: the forecasters, other people's methods beside them, and what is aimed at."""

import dataclasses

import lead_score

# Stand for what a series has: its season lengths, how far it is forecast, its points before the first that is forecast, a window over all of these,
# and one over the latest.
SEASON, SECOND_SEASON, HORIZON, POINTS, ALL, LATEST = "season", "second season", "horizon", "points", "all", "latest"
HALF, OTHER_HALF = "half of the points", "the other half"

MOST_STEPS, LATEST_STEPS = 4032, 2016  # of a window; R's methods saw as many
LONGEST_ARIMA_SEASON = 24  # steps; beyond, a state of that size is no longer small

# Tasks are forecast from their last point alone, so they are fitted there, on all points; and once half-way, so that the host
# can calibrate the intervals on the second half; nothing falls back, as the first of these fits is not what is asked for. Streams are fitted at the end of
# the warm-up, and again each 500 points, as R's `etsrefit` is.
ONCE = {"window": ALL, "min_samples": HALF, "refit_every": OTHER_HALF, "fit_budget": 0, "fallback": False}
AGAIN = {"window": LATEST, "min_samples": POINTS, "refit_every": 500}
WINDOW = {"fit": "window"}
AUTO = {"trend": "auto", "damped_trend": "auto"}
SEASONS = {"season_length": SEASON, "second_season_length": SECOND_SEASON}


@dataclasses.dataclass(frozen=True)
class Model:
    plugin: str
    params: dict = dataclasses.field(default_factory=dict)
    fitted: bool = False    # ONCE or AGAIN come to the params
    seasonal: bool = False  # has a season_length; a series without a season gets `plain`
    plain: "Model | None" = None
    longest_season: int = 10**6  # series with a longer one get `plain`

    def of(self, series, mode):
        """Plugin and parameters for a series; None: the model has nothing for it."""
        model = self
        if self.seasonal and not 1 < series.season_length <= self.longest_season:
            model = self.plain
        if model is None:
            return None
        params = {**model.params, **((ONCE if mode == "tasks" else AGAIN) if model.fitted else {})}
        # A season shows in so many steps.
        least = max(2 * series.season_length + 1, series.second_season_length + 2) if model.seasonal else 10
        values = {SEASON: series.season_length, SECOND_SEASON: series.second_season_length,
                  HORIZON: max(lead_score.LEADS) if mode == "streams" else series.horizon, POINTS: series.points,
                  HALF: series.points // 2, OTHER_HALF: series.points - series.points // 2,
                  ALL: max(min(series.steps, MOST_STEPS), least), LATEST: max(LATEST_STEPS, least)}
        return model.plugin, {k: values.get(v, v) if isinstance(v, str) else v for k, v in params.items()}


AHEAD = {"horizon": HORIZON}
HOLT = Model("holt", {**WINDOW, **AUTO, **AHEAD}, fitted=True)
ARIMA = Model("arima", {"order": "auto"}, fitted=True)
MODELS = {
    "auto": Model("auto", {**SEASONS, "horizon": HORIZON}, seasonal=True, plain=Model("auto", {"horizon": HORIZON})),
    "auto-seasons": Model("auto", {"horizon": HORIZON}),
    "naive": Model("naive"),
    "seasonal-naive": Model("seasonal-naive", {"season_length": SEASON}, seasonal=True, plain=Model("naive")),
    "seasonal-naive-two": Model("seasonal-naive", SEASONS, seasonal=True, plain=Model("naive")),
    "ses": Model("ses", {**WINDOW, **AHEAD}, fitted=True),
    "holt": HOLT,
    "holt-damped": Model("holt", {**WINDOW, "trend": "add", "damped_trend": True, **AHEAD}, fitted=True),
    "holt-default": Model("holt"),
    "holt-winters": Model("holt-winters", {**WINDOW, **AUTO, **AHEAD, "seasonal": "auto", "season_length": SEASON}, True, True, HOLT),
    "holt-winters-default": Model("holt-winters", {"season_length": SEASON}, seasonal=True, plain=Model("holt")),
    "holt-winters-two": Model("holt-winters", {**WINDOW, **AUTO, **AHEAD, "seasonal": "auto", **SEASONS}, True, True, HOLT),
    "holt-winters-online": Model("holt-winters", {**SEASONS, "fit": "online"}, seasonal=True, plain=Model("holt")),
    "theta": Model("theta", {"season_length": SEASON}, True, True, Model("theta", fitted=True)),
    "lag": Model("lag", SEASONS, True, True, Model("lag", fitted=True)),
    "lag-default": Model("lag", SEASONS, seasonal=True, plain=Model("lag")),
    "lag-online": Model("lag", {**SEASONS, "fit": "online"}, seasonal=True, plain=Model("lag", {"fit": "online"})),
    "trend": Model("trend", SEASONS, seasonal=True, plain=Model("trend")),
    "arima": Model("arima", {"order": "auto", "season_length": SEASON}, True, True, ARIMA, LONGEST_ARIMA_SEASON),
}

# Rows of anchors.json that are shown, by mode.
ANCHORS = {"tasks": ["ets", "etsnons", "arima", "arimanons", "thetaf", "theta", "stlf", "damped", "sm_hw", "ses", "naive", "naive2",
                     "snaive"],
           "streams": ["arima", "ets", "etsrefit", "sm_holt", "naive"]}


@dataclasses.dataclass(frozen=True)
class Aim:
    """`model` is at most `factor` times `anchor` in the first measure that both have; on telemetry OWA says little."""

    model: str
    mode: str
    anchor: str
    factor: float
    sets: tuple = ()  # none: all
    below: bool = False  # not even equal

    def measure(self, name):
        return "mase" if self.mode == "streams" or name == "telemetry" else "owa"


AIMS = [Aim("holt-winters", "tasks", "ets", 1.02, ("m4_weekly", "m3_monthly")),
        Aim("holt-winters", "tasks", "ets", 1.0, ("m4_hourly",), below=True),
        Aim("theta", "tasks", "thetaf", 1.02),
        Aim("arima", "tasks", "arima", 1.05),
        Aim("arima", "tasks", "arimanons", 1.05),
        Aim("holt", "streams", "sm_holt", 1.0)]

# Intervals of these, the models that estimate, are held to their level within so much.
COVERED = ["ses", "holt", "holt-damped", "holt-winters", "theta", "lag", "arima"]
COVERAGE_WITHIN = 0.05
