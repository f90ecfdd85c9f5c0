package jmergekit.plugin;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo;
import jmergekit.method.Param;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import org.jspecify.annotations.Nullable;

/// Checks what a method of a plugin says about itself.
final class InfoCheck {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final String NAMES =
            "a lower-case letter, then at most 63 lower-case letters, digits and '_'";
    private static final Pattern LINE = Pattern.compile("\\P{Cntrl}*\\S\\P{Cntrl}*");

    private final PluginJar jar;
    private final Class<?> type;
    private final Problems problems = new Problems();

    private InfoCheck(PluginJar jar, Class<?> type) {
        this.jar = jar;
        this.type = type;
    }

    /// The info, with the plugin's name and version; empty if something is wrong with it.
    static Optional<MethodInfo> of(PluginJar jar, MergeMethod method, Problems problems) {
        InfoCheck check = new InfoCheck(jar, method.getClass());
        Optional<MethodInfo> info = check.info(method);
        info.ifPresent(check::check);
        problems.addAll(check.problems);
        return check.problems.hasErrors()
                ? Optional.empty()
                : info.map(i -> i.ofPlugin(jar.title()));
    }

    private Optional<MethodInfo> info(MergeMethod method) {
        try {
            @Nullable MethodInfo info = method.info();
            if (info != null) {
                return Optional.of(info);
            }
            add("'info()' returned nothing", "a MethodInfo", "null");
        } catch (RuntimeException | LinkageError e) {
            add("'info()' failed", "a MethodInfo", Fault.text(e));
        }
        return Optional.empty();
    }

    private void check(MethodInfo info) {
        try {
            checkName("name of a merge method", info.name());
            checkLine("title", info.title());
            checkLine("summary", info.summary());
            if (info.least() < 0 || info.most() < Math.max(1, info.least())) {
                add(
                        "not a valid number of models",
                        "a fewest number of at least 0, and a largest of at least that",
                        "%d to %d".formatted(info.least(), info.most()));
            }
            Set<String> names = new HashSet<>();
            for (Param param : info.params()) {
                check(param);
                if (!names.add(param.name())) {
                    add("two parameters of one name", "different names", quoted(param.name()));
                }
            }
        } catch (NullPointerException e) {
            add("'info()' is incomplete", "values for all its parts", Fault.text(e));
        }
    }

    private void check(Param param) {
        checkName("name of a parameter", param.name());
        if (isCommon(param.name())) {
            add(
                    "parameter '%s' has the name of a parameter of every method"
                            .formatted(param.name()),
                    "another name",
                    quoted(param.name()));
        }
        MergeMethods.builtIn()
                .kind(Optional.empty(), param.name())
                .filter(kind -> kind != param.kind())
                .ifPresent(kind ->
                        add(
                                "parameter '%s' has the name of another parameter, of built-in methods"
                                        .formatted(param.name()),
                                "the kind %s, or another name".formatted(kind),
                                String.valueOf(param.kind())));
        param.defaultValue()
                .filter(value -> !param.accepts(value))
                .ifPresent(value ->
                        add(
                                "the default of parameter '%s' is not allowed"
                                        .formatted(param.name()),
                                param.valuesText(),
                                value.toString()));
    }

    private static boolean isCommon(String name) {
        return MergeMethods.builtIn().all().stream()
                .flatMap(method -> method.info().commonParams().stream())
                .anyMatch(common -> common.name().equals(name));
    }

    private void checkName(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            add("not a valid " + what, NAMES, quoted(name));
        }
    }

    private void checkLine(String what, String text) {
        if (!LINE.matcher(text).matches()) {
            add("not a valid " + what, "one line of text", quoted(text));
        }
    }

    private static String quoted(String text) {
        return "'" + text + "'";
    }

    private void add(String what, String expected, String found) {
        problems.add(
                Problem.usage(jar.path(), "%s, in %s".formatted(what, type.getName()))
                        .expected(expected)
                        .found(found)
                        .hint("report it to the plugin's author; this is a fault of the plugin"));
    }
}
