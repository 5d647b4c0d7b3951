package io.acclimate.app.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code bench serve} and {@code bench train} print for programs: {@code schemas/cli/bench.schema.json}. */
record BenchResult(String benchmark, Map<String, Integer> settings, List<Table> tables) {
    BenchResult {
        settings = new LinkedHashMap<>(settings);
        tables = List.copyOf(tables);
    }

    /** The costs of parts that were measured on the same work, by their names, and their ratios. */
    record Table(String name, Map<String, BenchCost> costs, List<BenchRatio> ratios) {
        Table {
            costs = new LinkedHashMap<>(costs);
            ratios = List.copyOf(ratios);
        }
    }

    boolean holds() {
        return tables.stream().flatMap(table -> table.ratios().stream()).allMatch(BenchRatio::holds);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("benchmark", benchmark);
        json.put("settings", settings);
        json.put("tables", tables.stream().map(BenchResult::json).toList());
        json.put("held", holds());
        return json;
    }

    private static Map<String, Object> json(Table table) {
        List<Object> parts = new ArrayList<>();
        table.costs().forEach((name, cost) -> {
            Map<String, Object> part = new LinkedHashMap<>();
            part.put("name", name);
            part.put("cpuMicros", cost.cpuMicros());
            part.put("perSecond", cost.imagesPerSecond());
            parts.add(part);
        });
        List<Object> ratios = new ArrayList<>();
        table.ratios().forEach(ratio -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", ratio.name());
            row.put("value", ratio.value());
            row.put("side", ratio.side());
            row.put("bar", ratio.bar());
            row.put("held", ratio.holds());
            ratios.add(row);
        });
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", table.name());
        json.put("parts", parts);
        json.put("ratios", ratios);
        return json;
    }
}
