"""Writes deliveries.csv beside this file: made-up parcel deliveries, with the flaws of real data.

What makes a delivery late is built in: one slow carrier, long distances, and bad weather. So are missing values,
repeated rows, varying spellings, prices as text, and a few impossible weights. The seed makes every run the same.
"""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path

ROWS = 2000
REPEATED = 24
CARRIERS = {"Northline": 0.0, "Swift Parcel": -0.5, "Harbor Freight Co": 1.2, "Bluebird": 0.1}
REGIONS = {"North": 1.3, "South": 0.9, "East": 1.0, "West": 1.1}
WEATHER = {"clear": (0.62, 0.0), "rain": (0.26, 0.5), "storm": (0.05, 1.9), "snow": (0.07, 1.5)}
PRIORITIES = {"standard": 4, "express": 2}
COLUMNS = (
    "order_id order_date promised_date delivered_date carrier region distance_km weight_kg items priority price weather"
).split()


def delivery(random_: random.Random, number: int) -> dict[str, object]:
    """One clean delivery: promised days after the order, and a delay that grows with carrier, distance, weather."""
    ordered = date(2024, 1, 1) + timedelta(days=random_.randrange(366))
    carrier = random_.choices(list(CARRIERS), [4, 3, 2, 3])[0]
    region = random_.choice(list(REGIONS))
    weather = random_.choices(list(WEATHER), [share for share, _ in WEATHER.values()])[0]
    priority = random_.choices(list(PRIORITIES), [3, 1])[0]
    distance = random_.gammavariate(2.2, 90) * REGIONS[region]
    weight = random_.lognormvariate(1.1, 0.7)
    items = min(12, 1 + int(random_.expovariate(0.5)))
    delay = CARRIERS[carrier] + WEATHER[weather][1] + (distance - 200) / 160 + random_.gauss(-0.9, 0.8)
    promised = ordered + timedelta(days=PRIORITIES[priority])
    delivered = max(ordered, promised + timedelta(days=round(delay)))
    price = 18 + 0.9 * distance + 22 * weight + (60 if priority == "express" else 0) + random_.gauss(0, 12)
    return {
        "order_id": f"D{10000 + number}",
        "order_date": ordered.isoformat(),
        "promised_date": promised.isoformat(),
        "delivered_date": delivered.isoformat(),
        "carrier": carrier,
        "region": region,
        "distance_km": f"{distance:.1f}",
        "weight_kg": f"{weight:.2f}",
        "items": items,
        "priority": priority,
        "price": f"${max(price, 9.5):,.2f}",
        "weather": weather,
    }


def soiled(random_: random.Random, row: dict[str, object]) -> dict[str, object]:
    """The row with, now and then, a gap, another spelling, an impossible weight, or a date before the order."""
    soiled_row = dict(row)
    for column, share in {"weather": 0.03, "distance_km": 0.02, "weight_kg": 0.015, "delivered_date": 0.02}.items():
        if random_.random() < share:
            soiled_row[column] = ""
    if random_.random() < 0.08:
        soiled_row["carrier"] = random_.choice([str.upper, str.lower, lambda text: f"{text} "])(str(row["carrier"]))
    if random_.random() < 0.003:
        soiled_row["weight_kg"] = f"-{row['weight_kg']}"
    if random_.random() < 0.003:
        soiled_row["delivered_date"] = (date.fromisoformat(str(row["order_date"])) - timedelta(days=365)).isoformat()
    return soiled_row


def rows() -> list[dict[str, object]]:
    """All rows, some of them twice, by order date."""
    random_ = random.Random(2024)
    made = [soiled(random_, delivery(random_, number)) for number in range(ROWS)]
    made += random_.sample(made, REPEATED)
    return sorted(made, key=lambda row: (str(row["order_date"]), str(row["order_id"])))


def write(path: Path) -> None:
    """The CSV stands at `path`."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows())


if __name__ == "__main__":
    write(Path(__file__).with_name("deliveries.csv"))
