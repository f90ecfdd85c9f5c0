package jmergekit.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import jmergekit.config.Naming;
import jmergekit.method.MergeMethods;
import jmergekit.moe.Families;
import jmergekit.planner.OutputDType;
import jmergekit.planner.OutputForm;
import jmergekit.tokenizer.ChatTemplates;
import tools.jackson.databind.node.ObjectNode;

/// Schemas for names that other rooms list.
record Names(MergeMethods methods) {
    ObjectNode of(Naming naming) {
        return switch (naming) {
            case METHOD -> Json.words(methods.names());
            case DTYPE -> dtypes(OutputDType.names());
            case OUT_DTYPE -> {
                List<String> all = new ArrayList<>(OutputDType.names());
                all.addAll(OutputForm.words());
                yield dtypes(all);
            }
            case CHAT_TEMPLATE ->
                    Json.anyOf(
                            Json.words(ChatTemplates.names()),
                            Json.matching("\\{").put("minLength", ChatTemplates.SHORTEST));
            case FAMILY -> Json.words(Families.names());
        };
    }

    // Editors offer the short list; recipes may also use upper case and a prefix.
    private static ObjectNode dtypes(List<String> names) {
        List<String> patterns = names.stream().map(Names::inAnyCase).toList();
        return Json.anyOf(
                Json.words(names),
                Json.matching(
                        "^(%s)?(%s)$".formatted(inAnyCase("torch."), String.join("|", patterns))));
    }

    private static String inAnyCase(String name) {
        StringBuilder pattern = new StringBuilder();
        for (char c : name.toCharArray()) {
            String text = String.valueOf(c);
            pattern.append(
                    Character.isLetter(c)
                            ? "[" + text.toUpperCase(Locale.ROOT) + text + "]"
                            : c == '.' ? "\\." : text);
        }
        return pattern.toString();
    }
}
