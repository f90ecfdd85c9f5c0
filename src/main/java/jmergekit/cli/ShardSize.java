package jmergekit.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Parses shard sizes: bytes, with `K`, `M`, `B` or `G`, `T` for powers of 1000 (`B` for billion,
/// as in old recipes), `KB` to `TB` for the same, `KiB` to `TiB` for powers of 1024.
final class ShardSize implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([a-z]*)");

    private static final Map<String, Long> UNITS =
            Map.ofEntries(
                    Map.entry("", 1L),
                    Map.entry("k", 1_000L),
                    Map.entry("kb", 1_000L),
                    Map.entry("kib", 1L << 10),
                    Map.entry("m", 1_000_000L),
                    Map.entry("mb", 1_000_000L),
                    Map.entry("mib", 1L << 20),
                    Map.entry("b", 1_000_000_000L),
                    Map.entry("g", 1_000_000_000L),
                    Map.entry("gb", 1_000_000_000L),
                    Map.entry("gib", 1L << 30),
                    Map.entry("t", 1_000_000_000_000L),
                    Map.entry("tb", 1_000_000_000_000L),
                    Map.entry("tib", 1L << 40));

    @Override
    public Long convert(String text) {
        Matcher matcher = FORM.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (!matcher.matches() || !UNITS.containsKey(matcher.group(2))) {
            throw refusal(text);
        }
        BigDecimal bytes =
                new BigDecimal(matcher.group(1))
                        .multiply(BigDecimal.valueOf(UNITS.get(matcher.group(2))))
                        .setScale(0, RoundingMode.DOWN);
        if (bytes.signum() <= 0 || bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw refusal(text);
        }
        return bytes.longValueExact();
    }

    private static TypeConversionException refusal(String text) {
        return new TypeConversionException(
                "'" + text + "' is not a shard size (examples: 5B, 5GB, 1.5G, 500M, 2GiB)");
    }
}
