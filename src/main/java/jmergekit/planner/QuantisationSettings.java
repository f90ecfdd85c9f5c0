package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jmergekit.model.ModelConfig;
import tools.jackson.databind.JsonNode;

/// The settings in config.json about quantised weights.
///
/// Source: `quantization_config` as transformers 5.18 reads it.
///
/// @param method the usual name: GPTQ, bitsandbytes
/// @param bits per weight, if the file gives it
/// @param integers whether the weights are integers rather than small floating-point numbers
record QuantisationSettings(String method, OptionalInt bits, boolean integers) {
    private static final Map<String, String> NAMES =
            Map.ofEntries(
                    Map.entry("gptq", "GPTQ"),
                    Map.entry("awq", "AWQ"),
                    Map.entry("hqq", "HQQ"),
                    Map.entry("aqlm", "AQLM"),
                    Map.entry("eetq", "EETQ"),
                    Map.entry("vptq", "VPTQ"),
                    Map.entry("spqr", "SpQR"),
                    Map.entry("auto-round", "AutoRound"),
                    Map.entry("bitnet", "BitNet"),
                    Map.entry("modelopt", "ModelOpt"));

    private static final Set<String> FLOATS =
            Set.of("fp8", "fbgemm_fp8", "finegrained_fp8", "mxfp4", "nvfp4", "fp_quant");

    private static final Pattern FLOAT_WORDS =
            Pattern.compile("float|fp8|fp4|nvfp|mxfp|e4m3|e5m2|e2m1");
    private static final Pattern INTEGER_WORDS = Pattern.compile("int-?(\\d)|w(\\d)a\\d");

    /// Empty if the file does not mention quantisation, or not the method.
    static Optional<QuantisationSettings> of(ModelConfig config) {
        JsonNode settings = config.quantisation();
        String key = method(settings);
        if (key.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new QuantisationSettings(
                        NAMES.getOrDefault(key, key), bits(settings), isOfIntegers(key, settings)));
    }

    private static String method(JsonNode settings) {
        String method = settings.path("quant_method").asString("");
        if (!method.isEmpty()) {
            return method.toLowerCase(Locale.ROOT);
        }
        if (isSet(settings, "load_in_4bit") || isSet(settings, "load_in_8bit")) {
            return "bitsandbytes";
        }
        return settings.path("quant_algo").isString() ? "modelopt" : "";
    }

    private static boolean isSet(JsonNode settings, String key) {
        return settings.path(key).asBoolean(false) || settings.path("_" + key).asBoolean(false);
    }

    private static boolean isOfIntegers(String method, JsonNode settings) {
        return switch (method) {
            case "compressed-tensors" -> {
                List<JsonNode> types = groups(settings).stream().map(w -> w.path("type")).toList();
                yield types.isEmpty()
                        ? !FLOAT_WORDS.matcher(settings.path("format").asString("")).find()
                        : types.stream().anyMatch(t -> !t.asString("int").equals("float"));
            }
            case "modelopt", "quark", "torchao" ->
                    !FLOAT_WORDS.matcher(lower(settings)).find()
                            || INTEGER_WORDS.matcher(lower(settings)).find();
            default -> !FLOATS.contains(method);
        };
    }

    private static OptionalInt bits(JsonNode settings) {
        if (isSet(settings, "load_in_4bit")) {
            return OptionalInt.of(4);
        }
        if (isSet(settings, "load_in_8bit")) {
            return OptionalInt.of(8);
        }
        List<JsonNode> numbers = new ArrayList<>();
        for (String key : List.of("bits", "w_bit", "nbits", "num_bits")) {
            numbers.add(settings.path(key));
        }
        groups(settings).forEach(w -> numbers.add(w.path("num_bits")));
        numbers.add(settings.path("quant_config").path("weight_quant_params").path("nbits"));
        for (JsonNode number : numbers) {
            if (number.isIntegralNumber() && number.canConvertToInt()) {
                return OptionalInt.of(number.intValue());
            }
        }
        for (String key : List.of("weights", "quant_type", "quant_algo")) {
            Matcher word = INTEGER_WORDS.matcher(lower(settings.path(key)));
            if (word.find()) {
                String digit = word.group(1) == null ? word.group(2) : word.group(1);
                return OptionalInt.of(Integer.parseInt(digit));
            }
        }
        return OptionalInt.empty();
    }

    // The settings of compressed-tensors for the weights of each group of modules.
    private static List<JsonNode> groups(JsonNode settings) {
        return settings.path("config_groups").values().stream()
                .map(group -> group.path("weights"))
                .filter(JsonNode::isObject)
                .toList();
    }

    private static String lower(JsonNode node) {
        return node.toString().toLowerCase(Locale.ROOT);
    }
}
