package jmergekit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class PlanSettingsTest {
    /// No two values are equal that could be taken for each other.
    private static final PlanSettings OTHER =
            new PlanSettings(true, false, 7, 70, false, true, Optional.of("other"), "split");

    /// A change of one setting to a value.
    private record Change(String name, Object value, UnaryOperator<PlanSettings> change) {
        @Override
        public String toString() {
            return name + " " + value;
        }
    }

    private static final List<Change> CHANGES =
            Stream.of(
                            flags("allowCrimes", PlanSettings::allowCrimes),
                            flags("allowSameModel", PlanSettings::allowSameModel),
                            flags("safeSerialization", PlanSettings::safeSerialization),
                            flags("copyTokenizer", PlanSettings::copyTokenizer),
                            Stream.of(
                                    new Change("seed", 5L, s -> s.seed(5)),
                                    new Change("shardBytes", 50L, s -> s.shardBytes(50)),
                                    new Change(
                                            "expertLayout", "fused", s -> s.expertLayout("fused")),
                                    new Change("title", Optional.of("new"), s -> s.title("new")),
                                    new Change(
                                            "title", Optional.empty(), PlanSettings::withoutCard)))
                    .flatMap(changes -> changes)
                    .toList();

    private interface Flag {
        PlanSettings set(PlanSettings settings, boolean value);
    }

    private static Stream<Change> flags(String name, Flag flag) {
        return Stream.of(true, false).map(v -> new Change(name, v, s -> flag.set(s, v)));
    }

    private static Map<String, Object> values(PlanSettings settings) {
        Map<String, Object> values = new TreeMap<>();
        for (RecordComponent component : PlanSettings.class.getRecordComponents()) {
            try {
                Object value = component.getAccessor().invoke(settings);
                values.put(component.getName(), Objects.requireNonNull(value));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return values;
    }

    @ParameterizedTest
    @FieldSource("CHANGES")
    void aChangeIsOneOfItsOwnValueAlone(Change change) {
        for (PlanSettings before : List.of(PlanSettings.defaults(), OTHER)) {
            Map<String, Object> expected = values(before);
            expected.put(change.name(), change.value());

            assertThat(values(change.change().apply(before))).isEqualTo(expected);
        }
    }

    @Test
    void everySettingIsChangedHere() {
        assertThat(CHANGES)
                .extracting(Change::name)
                .containsAll(
                        Arrays.stream(PlanSettings.class.getRecordComponents())
                                .map(RecordComponent::getName)
                                .toList());
    }
}
