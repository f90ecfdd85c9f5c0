package jmergekit.cli;

import java.util.Locale;
import jmergekit.planner.WantedExperts;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Parses an expert layout from the command line.
final class ExpertLayoutName implements ITypeConverter<WantedExperts> {
    /// The layout's name on the command line.
    static String of(WantedExperts layout) {
        return layout.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public WantedExperts convert(String name) {
        return switch (name) {
            case "base" -> WantedExperts.BASE;
            case "split" -> WantedExperts.SPLIT;
            case "fused" -> WantedExperts.FUSED;
            default ->
                    throw new TypeConversionException("expected base, split or fused, not " + name);
        };
    }
}
