package jmergekit.plan;

import java.util.Map;
import java.util.TreeMap;
import jmergekit.model.InputFile;
import jmergekit.source.BlockFormat;
import jmergekit.tensor.RowTable;
import jmergekit.weights.TensorEntry;
import tools.jackson.core.JsonGenerator;

/// Writes sources as JSON objects; `is` gives the kind.
///
/// @param files numbers of the plan's files
/// @param tables numbers of its row tables
/// @param inner numbers of its inner tasks
/// @param forHash whether to leave out what [Plan#hash] ignores
record SourceWriter(
        JsonGenerator json,
        Map<InputFile, Integer> files,
        Map<RowTable, Integer> tables,
        Map<TensorTask, Integer> inner,
        boolean forHash) {
    void write(Source source) {
        json.writeStartObject();
        switch (source) {
            case Source.Stored s -> stored(s);
            case Source.Replaced s -> {
                kind("replaced");
                json.writeStringProperty("dtype", s.dtype().name());
                part("tensor", s.tensor());
            }
            case Source.Leading s -> {
                kind("leading");
                PlanWriter.numbers(json, "shape", s.shape().dimensions());
                part("tensor", s.tensor());
            }
            case Source.Scaled s -> {
                kind("scaled");
                json.writeStringProperty("dtype", s.dtype().name());
                json.writeNumberProperty("columns", s.columns());
                json.writeNumberProperty("block_rows", s.blockRows());
                json.writeNumberProperty("block_columns", s.blockColumns());
                if (s.rows() < Math.ceilDiv(s.tensor().shape().elements(), s.columns())) {
                    json.writeNumberProperty("rows", s.rows());
                }
                if (s.divided()) {
                    json.writeBooleanProperty("divided", true);
                }
                part("tensor", s.tensor());
                part("scales", s.scales());
            }
            case Source.LowRankAdded s -> {
                kind("low_rank_added");
                json.writeBooleanProperty("transposed", s.transposed());
                json.writeNumberProperty("scale", s.scale());
                part("tensor", s.tensor());
                part("a", s.a());
                part("b", s.b());
            }
            case Source.Added s -> {
                kind("added");
                json.writeNumberProperty("scale", s.scale());
                part("tensor", s.tensor());
                part("addend", s.addend());
            }
            case Source.WithStatistics s -> {
                kind("with_statistics");
                part("tensor", s.tensor());
                part("statistics", s.statistics());
            }
            case Source.Remapped s -> remapped(s);
            case Source.Blocks s -> blocks(s);
            case Source.Stacked s -> {
                kind("stacked");
                json.writeArrayPropertyStart("parts");
                s.parts().forEach(this::write);
                json.writeEndArray();
            }
            case Interleaved s -> {
                kind("interleaved");
                json.writeArrayPropertyStart("parts");
                s.parts().forEach(this::write);
                json.writeEndArray();
            }
            case Rearranged s -> rearranged(s);
            case Quantised s -> quantised(s);
            case Source.Joined s -> {
                kind("joined");
                json.writeArrayPropertyStart("parts");
                for (Source.Joined.Part p : s.matrices()) {
                    json.writeStartObject();
                    json.writeNumberProperty("factor", p.factor());
                    part("tensor", p.tensor());
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            case Source.Given s -> {
                kind("given");
                PlanWriter.spec(json, s.spec());
                json.writeStringProperty("values", s.values().encoded());
            }
            case Source.Computed s -> {
                kind("computed");
                PlanWriter.spec(json, s.spec());
                json.writeStringProperty("how", s.how());
            }
            case Source.Noise s -> {
                kind("noise");
                PlanWriter.spec(json, s.spec());
                json.writeNumberProperty("seed", s.seed());
            }
            case Source.Made s -> {
                kind("made");
                json.writeNumberProperty("task", inner.get(s.task()));
                if (s.dtype() != s.task().output().dtype()) {
                    json.writeStringProperty("dtype", s.dtype().name());
                }
            }
        }
        json.writeEndObject();
    }

    private void rearranged(Rearranged source) {
        switch (source) {
            case Rearranged.Viewed s -> {
                kind("viewed");
                json.writeStringProperty("dtype", s.dtype().name());
                PlanWriter.numbers(json, "shape", s.shape().dimensions());
            }
            case Rearranged.Shaped s -> {
                kind("shaped");
                PlanWriter.numbers(json, "shape", s.shape().dimensions());
            }
            case Rearranged.Rows s -> {
                kind("rows");
                json.writeNumberProperty("columns", s.columns());
                json.writeNumberProperty("first", s.first());
                json.writeNumberProperty("step", s.step());
                PlanWriter.numbers(json, "shape", s.shape().dimensions());
            }
            case Rearranged.Transposed _ -> kind("transposed");
        }
        part("tensor", source.tensor());
    }

    private void quantised(Quantised source) {
        BlockFormat format = source.format();
        kind(source instanceof Quantised.Values ? "quantised_values" : "quantised_scales");
        json.writeStringProperty("values", format.values().name());
        json.writeStringProperty("scales", format.scales().name());
        json.writeNumberProperty("rows", format.rows());
        json.writeNumberProperty("columns", format.columns());
        json.writeNumberProperty("block_rows", format.blockRows());
        json.writeNumberProperty("block_columns", format.blockColumns());
        PlanWriter.numbers(json, "shape", source.shape().dimensions());
        part("tensor", source.tensor());
    }

    private void kind(String name) {
        json.writeStringProperty("is", name);
    }

    private void part(String name, Source source) {
        json.writeName(name);
        write(source);
    }

    private void stored(Source.Stored source) {
        TensorEntry entry = source.entry();
        kind("stored");
        json.writeNumberProperty("file", files.get(source.file()));
        PlanWriter.spec(json, entry.spec());
        json.writeNumberProperty("begin", entry.begin());
        entry.strides().ifPresent(s -> PlanWriter.numbers(json, "strides", s.steps()));
    }

    private void remapped(Source.Remapped source) {
        kind("remapped");
        json.writeNumberProperty("model", source.model());
        json.writeNumberProperty("table", tables.get(source.table()));
        PlanWriter.numbers(json, "shape", source.shape().dimensions());
        part("tensor", source.tensor());
        json.writeArrayPropertyStart("others");
        new TreeMap<>(source.others())
                .forEach((model, other) -> {
                    json.writeStartObject();
                    json.writeNumberProperty("model", model);
                    part("tensor", other);
                    json.writeEndObject();
                });
        json.writeEndArray();
    }

    private void blocks(Source.Blocks source) {
        kind("blocks");
        json.writeNumberProperty("axis", source.axis());
        json.writeArrayPropertyStart("blocks");
        for (Source.Blocks.Block block : source.blocks()) {
            json.writeStartObject();
            json.writeNumberProperty("model", block.model());
            json.writeNumberProperty("layer", block.layer());
            json.writeNumberProperty("layers", block.layers());
            part("tensor", block.tensor());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
