package jmergekit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Shard numbers, counted from 1, as in `3,7-9`.
record ShardNumbers(List<Range> ranges) {
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,9})(?:-([0-9]{1,9}))?");

    /// An inclusive range of numbers.
    record Range(long first, long last) {}

    ShardNumbers {
        ranges = List.copyOf(ranges);
    }

    long largest() {
        return ranges.stream().mapToLong(Range::last).max().orElse(0);
    }

    boolean contain(long number) {
        return ranges.stream().anyMatch(r -> r.first() <= number && number <= r.last());
    }

    /// Parses shard numbers on the command line.
    static final class Reader implements ITypeConverter<ShardNumbers> {
        @Override
        public ShardNumbers convert(String text) {
            List<Range> ranges = new ArrayList<>();
            for (String part : text.split(",", -1)) {
                Matcher matcher = RANGE.matcher(part.strip());
                if (!matcher.matches()) {
                    throw refused(part);
                }
                long first = Long.parseLong(matcher.group(1));
                long last = matcher.group(2) == null ? first : Long.parseLong(matcher.group(2));
                if (first < 1 || last < first) {
                    throw refused(part);
                }
                ranges.add(new Range(first, last));
            }
            return new ShardNumbers(ranges);
        }

        private static TypeConversionException refused(String part) {
            return new TypeConversionException(
                    "'%s' is not a shard number or range (expected numbers from 1, such as 3,7-9)"
                            .formatted(part));
        }
    }
}
