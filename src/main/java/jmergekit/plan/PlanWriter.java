package jmergekit.plan;

import java.io.OutputStream;
import java.io.Writer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jmergekit.method.Parameters;
import jmergekit.model.InputFile;
import jmergekit.shards.ShardFormat;
import jmergekit.shards.ShardLayout;
import jmergekit.tensor.DType;
import jmergekit.tensor.RowTable;
import jmergekit.tensor.TensorSpec;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/// Writes a plan as canonical JSON: UTF-8, no spaces, keys in a fixed order, each file, folder and row
/// table once.
final class PlanWriter {
    private static final JsonFactory FACTORY =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    private final Plan plan;
    private final boolean forHash;
    private final List<String> folders;
    private final Map<InputFile, Integer> files = new LinkedHashMap<>();
    private final Map<RowTable, Integer> tables = new LinkedHashMap<>();
    private final Map<TensorTask, Integer> inner = new IdentityHashMap<>();
    private final List<TensorTask> innerInOrder = new ArrayList<>();

    /// @param forHash whether to leave out what [Plan#hash] ignores
    PlanWriter(Plan plan, boolean forHash) {
        this.plan = plan;
        this.forHash = forHash;
        this.folders = plan.folders();
        plan.inputFiles().forEach(f -> files.put(f, files.size()));
        plan.tasks().forEach(t -> t.inputs().forEach(i -> collect(i.source())));
        plan.sources()
                .forEach(s -> {
                    if (s instanceof Source.Remapped r) {
                        tables.putIfAbsent(r.table(), tables.size());
                    }
                });
    }

    // The tasks that a task needs come before it.
    private void collect(Source source) {
        if (source instanceof Source.Made(TensorTask task, DType _)) {
            if (!inner.containsKey(task)) {
                task.inputs().forEach(i -> collect(i.source()));
                inner.put(task, inner.size());
                innerInOrder.add(task);
            }
        } else {
            source.parts().forEach(this::collect);
        }
    }

    void write(OutputStream out) {
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            write(json);
        }
    }

    void write(Writer out) {
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            write(json);
        }
    }

    private void write(JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("format", PlanJson.FORMAT);
        json.writeNumberProperty("version", PlanJson.VERSION);
        if (!forHash) {
            json.writeStringProperty("hash", plan.hash());
        }
        if (!forHash) {
            texts(json, "models", plan.models());
        }
        texts(json, "folders", folders.stream().map(this::label).toList());
        inputFiles(json);
        rowTables(json);
        SourceWriter sources = new SourceWriter(json, files, tables, inner, forHash);
        json.writeArrayPropertyStart("inner_tensors");
        innerInOrder.forEach(t -> task(json, t, sources));
        json.writeEndArray();
        json.writeArrayPropertyStart("tensors");
        plan.tasks().forEach(t -> task(json, t, sources));
        json.writeEndArray();
        weightFormat(json);
        shards(json);
        metadata(json);
        if (plan.vocabularyRows().isPresent()) {
            json.writeNumberProperty("vocabulary_rows", plan.vocabularyRows().getAsLong());
        }
        outputFiles(json, "files_of_output", plan.files());
        if (!forHash) {
            outputFiles(json, "cards", plan.cards());
            computed(json);
            listing(json);
        }
        json.writeEndObject();
    }

    private String label(String name) {
        return forHash ? PlanHash.label(name) : name;
    }

    private void inputFiles(JsonGenerator json) {
        json.writeArrayPropertyStart("files");
        for (InputFile file : files.keySet()) {
            json.writeStartObject();
            json.writeNumberProperty("folder", folders.indexOf(file.folder()));
            json.writeStringProperty("name", file.name());
            json.writeNumberProperty("bytes", file.bytes());
            json.writeStringProperty("header", file.header());
            if (!file.commit().isEmpty()) {
                json.writeStringProperty("commit", file.commit());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void rowTables(JsonGenerator json) {
        json.writeArrayPropertyStart("row_tables");
        tables.keySet().forEach(t -> RowTableJson.write(t, json));
        json.writeEndArray();
    }

    static void task(JsonGenerator json, TensorTask task, SourceWriter sources) {
        json.writeStartObject();
        spec(json, task.output());
        switch (task.work()) {
            case Work.Parts(List<TensorTask> parts) -> {
                json.writeStringProperty("work", "parts");
                json.writeArrayPropertyStart("parts");
                parts.forEach(part -> task(json, part, sources));
                json.writeEndArray();
                json.writeEndObject();
                return;
            }
            case Work.Copy _ -> json.writeStringProperty("work", "copy");
            case Work.Sum sum -> {
                json.writeStringProperty("work", "sum");
                json.writeArrayPropertyStart("coefficients");
                sum.coefficients().forEach(json::writeNumber);
                json.writeEndArray();
            }
            case Work.Merge merge -> {
                json.writeStringProperty("work", "merge");
                merge(json, merge, sources);
            }
            case Work.Factors factors -> FactorsJson.write(factors, json, sources);
        }
        json.writeArrayPropertyStart("inputs");
        for (TaskInput input : task.inputs()) {
            json.writeStartObject();
            json.writeNumberProperty("model", input.model());
            json.writeName("source");
            sources.write(input.source());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    static void merge(JsonGenerator json, Work.Merge merge, SourceWriter sources) {
        json.writeStringProperty("method", merge.method());
        json.writeNumberProperty("base", merge.base());
        json.writeNumberProperty("seed", merge.seed());
        if (!sources.forHash()) {
            json.writeNumberProperty("memory", merge.memory());
        }
        parameters(json, merge.parameters());
    }

    static void spec(JsonGenerator json, TensorSpec spec) {
        json.writeStringProperty("name", spec.name());
        json.writeStringProperty("dtype", spec.dtype().name());
        numbers(json, "shape", spec.shape().dimensions());
    }

    static void numbers(JsonGenerator json, String name, List<Long> numbers) {
        json.writeArrayPropertyStart(name);
        numbers.forEach(json::writeNumber);
        json.writeEndArray();
    }

    private static void parameters(JsonGenerator json, Parameters parameters) {
        json.writeName("parameters");
        ParameterJson.write(parameters.global(), json);
        json.writeArrayPropertyStart("parameters_of_inputs");
        parameters.perSource().forEach(p -> ParameterJson.write(p, json));
        json.writeEndArray();
    }

    // Written only for formats that were added later, so that older plans keep their bytes.
    private void weightFormat(JsonGenerator json) {
        ShardFormat format = plan.shards().format();
        if (format != ShardFormat.SAFETENSORS) {
            json.writeStringProperty(PlanJson.WEIGHT_FORMAT, format.id());
        }
    }

    private void shards(JsonGenerator json) {
        json.writeArrayPropertyStart("shards");
        for (ShardLayout.Shard shard : plan.shards().shards()) {
            json.writeStartObject();
            json.writeStringProperty("name", shard.fileName());
            json.writeArrayPropertyStart("tensors");
            shard.entries().forEach(e -> json.writeString(e.spec().name()));
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void metadata(JsonGenerator json) {
        if (!plan.shards().metadata().isEmpty()) {
            json.writeObjectPropertyStart("metadata");
            plan.shards().metadata().forEach(json::writeStringProperty);
            json.writeEndObject();
        }
    }

    private void outputFiles(JsonGenerator json, String name, List<? extends PlannedFile> all) {
        json.writeArrayPropertyStart(name);
        for (PlannedFile file : all) {
            json.writeStartObject();
            json.writeStringProperty("name", file.name());
            switch (file) {
                case PlannedFile.Text text -> json.writeStringProperty("text", text.text());
                case PlannedFile.Copy copy -> {
                    json.writeNumberProperty("folder", folders.indexOf(copy.folder()));
                    json.writeStringProperty("path", copy.path());
                    json.writeNumberProperty("bytes", copy.bytes());
                }
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void computed(JsonGenerator json) {
        json.writeObjectPropertyStart("computed");
        new TreeMap<>(plan.computed())
                .forEach((name, values) -> json.writeStringProperty(name, values.encoded()));
        json.writeEndObject();
    }

    private void listing(JsonGenerator json) {
        json.writeObjectPropertyStart("listing");
        texts(json, "head", plan.listing().head());
        texts(json, "settings", plan.listing().settings());
        texts(json, "details", plan.listing().details());
        json.writeEndObject();
    }

    private static void texts(JsonGenerator json, String name, List<String> texts) {
        json.writeArrayPropertyStart(name);
        texts.forEach(json::writeString);
        json.writeEndArray();
    }
}
