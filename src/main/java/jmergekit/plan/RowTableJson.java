package jmergekit.plan;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import jmergekit.tensor.RowTable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/// A table of rows as JSON. A list of rows is written as runs `[first, step, count]` with a step of
/// 0 or 1: most rows are consecutive in the models too.
final class RowTableJson {
    /// Vocabularies have about 250,000 rows.
    private static final long MOST_ROWS = 1 << 24;

    /// The most rows of all models together.
    private static final long MOST_ENTRIES = 1 << 25;

    private RowTableJson() {}

    static void write(RowTable table, JsonGenerator json) {
        json.writeStartObject();
        json.writeNumberProperty("rows", table.rows());
        json.writeNumberProperty("tokens", table.tokens());
        json.writeArrayPropertyStart("own");
        for (int model = 0; model < table.models(); model++) {
            int m = model;
            runs(table.rows(), row -> table.own(m, row), json);
        }
        json.writeEndArray();
        json.writeName("forced");
        runs(table.rows(), row -> table.isForced(row) ? 1 : 0, json);
        json.writeName("substitute_model");
        runs(table.rows(), table::substituteModel, json);
        json.writeName("substitute_row");
        runs(table.rows(), table::substituteRow, json);
        json.writeEndObject();
    }

    private interface Column {
        int at(int row);
    }

    private static void runs(int rows, Column column, JsonGenerator json) {
        json.writeStartArray();
        int row = 0;
        while (row < rows) {
            int first = column.at(row);
            int step = row + 1 < rows && column.at(row + 1) == first + 1 ? 1 : 0;
            int count = 1;
            while (row + count < rows && column.at(row + count) == first + step * count) {
                count++;
            }
            json.writeNumber(first);
            json.writeNumber(step);
            json.writeNumber(count);
            row += count;
        }
        json.writeEndArray();
    }

    static RowTable read(JsonNode node, JsonFields at) {
        int rows = Math.toIntExact(at.count(node, "rows", MOST_ROWS));
        int tokens = Math.toIntExact(at.count(node, "tokens", rows));
        at.require(
                rows * (at.array(node, "own").size() + 2L) <= MOST_ENTRIES,
                "a table with too many rows");
        List<int[]> own = new ArrayList<>();
        for (JsonNode runs : at.array(node, "own")) {
            own.add(rows(runs, rows, at));
        }
        BitSet forced = new BitSet();
        int[] flags = rows(at.array(node, "forced"), rows, at);
        for (int row = 0; row < rows; row++) {
            forced.set(row, flags[row] == 1);
        }
        int[] models = rows(at.array(node, "substitute_model"), rows, at);
        for (int model : models) {
            at.require(
                    model >= RowTable.MEAN_OF_TOKENS && model < own.size(),
                    "a row of model " + model);
        }
        return new RowTable(
                own.toArray(int[][]::new),
                forced,
                models,
                rows(at.array(node, "substitute_row"), rows, at),
                tokens);
    }

    private static int[] rows(JsonNode runs, int rows, JsonFields at) {
        int[] values = new int[rows];
        int row = 0;
        for (int i = 0; i + 2 < runs.size(); i += 3) {
            long first = at.whole(runs.get(i), Integer.MIN_VALUE, Integer.MAX_VALUE);
            long step = at.whole(runs.get(i + 1), 0, 1);
            long count = at.whole(runs.get(i + 2), 1, rows - row);
            for (int k = 0; k < count; k++) {
                values[row++] = Math.toIntExact(first + step * k);
            }
        }
        at.require(row == rows, "a table with " + row + " rows instead of " + rows);
        return values;
    }
}
