package jmergekit.search;

import static jmergekit.search.Functions.asked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import jmergekit.weights.JsonTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class SearchersTest {
    private static final Space NUMBERS = Functions.bounded(3, -0.2, 1.4, 0.5);

    /// An algorithm and a space for it.
    private record Case(String name, Space space) {
        Searcher create() {
            return Searchers.create(name, space, Functions.settings(-7, 100));
        }
    }

    static Stream<Case> cases() {
        return Stream.concat(
                Searchers.NAMES.stream().map(name -> new Case(name, NUMBERS)),
                Searchers.NAMES.stream().map(name -> new Case(name, SpaceTest.ALL_KINDS)));
    }

    private static void tell(Searcher searcher, int from, int to) {
        for (long number = from; number < to; number++) {
            Point point = searcher.ask(number).orElseThrow();
            double objective = number % 5 == 3 ? Double.NaN : -Math.abs(point.get(1) - 0.2);
            searcher.tell(number, point, objective);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRestoredSearchGoesOnAlike(Case c) {
        Searcher original = c.create();
        // So that a generation is begun.
        tell(original, 0, 38);
        Searcher restored = Searchers.fromJson(c.space(), original.toJson());

        assertThat(restored.toJson()).isEqualTo(original.toJson());
        assertThat(asked(restored, 38, 5)).isEqualTo(asked(original, 38, 5));
        tell(original, 38, 60);
        tell(restored, 38, 60);
        assertThat(restored.toJson()).isEqualTo(original.toJson());
        assertThat(asked(restored, 60, 5)).isEqualTo(asked(original, 60, 5));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRandomStartIsDrawnByTheSeed(Case c) {
        SearchSettings random = new SearchSettings(3, 0.2, OptionalInt.of(8), true, 1, 100);
        Searcher searcher = Searchers.create(c.name(), c.space(), random);

        assertThat(searcher.ask(0)).isEqualTo(Searchers.create(c.name(), c.space(), random).ask(0));
        assertThat(searcher.ask(0).orElseThrow()).isNotEqualTo(c.space().start());
    }

    /// So that a search can go on with more evaluations than it began with; a grid is another one.
    @ParameterizedTest
    @MethodSource("cases")
    void aLargerBudgetKeepsTheCandidates(Case c) {
        Searcher small = Searchers.create(c.name(), c.space(), Functions.settings(1, 40));
        Searcher large = Searchers.create(c.name(), c.space(), Functions.settings(1, 4000));
        if (c.name().equals(GridSearch.NAME)) {
            assertThat(asked(large, 0, 5)).isNotEqualTo(asked(small, 0, 5));
            return;
        }
        tell(small, 0, 120);
        tell(large, 0, 120);

        assertThat(asked(large, 120, 5)).isEqualTo(asked(small, 120, 5));
    }

    @Test
    void aRestartedSearchIsRestored() {
        CmaEs search = new CmaEs(NUMBERS, Functions.settings(1, 1000));
        for (long number = 0; search.restarts() < 2; number++) {
            search.tell(number, search.ask(number).orElseThrow(), 1);
        }
        tell(search, 100_000, 100_005);
        Searcher restored = Searchers.fromJson(NUMBERS, search.toJson());

        assertThat(restored.toJson()).isEqualTo(search.toJson());
        assertThat(asked(restored, 1, 5)).isEqualTo(asked(search, 1, 5));
    }

    /// Changes a state in every place: leaves it out, or puts something else there.
    @ParameterizedTest
    @MethodSource("cases")
    void damagedStatesAreRefusedOrUsable(Case c) {
        Searcher original = c.create();
        tell(original, 0, 38);
        String json = original.toJson();
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            char[] text = json.toCharArray();
            int changes = 1 + random.nextInt(3);
            for (int k = 0; k < changes; k++) {
                text[random.nextInt(text.length)] =
                        "0123456789eE-+.,:[]{}\"xN".charAt(random.nextInt(24));
            }
            try {
                Searcher searcher = Searchers.fromJson(c.space(), new String(text));
                tell(searcher, 50, 70);
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageNotContaining("Exception");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void missingFieldsAreRefused(Case c) {
        Searcher original = c.create();
        tell(original, 0, 38);
        ObjectNode state = (ObjectNode) JsonTree.MAPPER.readTree(original.toJson());
        for (String field : List.copyOf(state.propertyNames())) {
            ObjectNode less = state.deepCopy();
            less.remove(field);

            assertThatThrownBy(() -> Searchers.fromJson(c.space(), less.toString()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("not a search state: ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "1", "{}", "{\"format\": 1}", "{\"format\": 2}"})
    void otherTextIsRefused(String text) {
        assertThatThrownBy(() -> Searchers.fromJson(NUMBERS, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a search state: ");
    }

    @Test
    void deepNestingIsRefused() {
        String deep = "{\"format\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";

        assertThatThrownBy(() -> Searchers.fromJson(NUMBERS, deep))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a search state: not JSON");
    }

    @Test
    void aStateOfAnotherSpaceIsRefused() {
        String state = Searchers.create("cma-es", NUMBERS, Functions.settings(1, 1)).toJson();
        Space other = Functions.bounded(3, -0.2, 1.5, 0.5);

        assertThatThrownBy(() -> Searchers.fromJson(other, state))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a search state: it belongs to another space");
    }

    @Test
    void numbersKeepTheirBits() {
        double[] special = {
            -0.0,
            0.0,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.MIN_VALUE,
            -Double.MAX_VALUE,
            0.1,
            1.0 / 3,
            1e22,
            2e-3
        };
        double[] numbers = Arrays.copyOf(special, 10_000);
        Random random = new Random(1);
        for (int i = special.length; i < numbers.length; i++) {
            double any = Double.longBitsToDouble(random.nextLong());
            numbers[i] = Double.isNaN(any) ? i : any;
        }
        State read = State.read(State.empty().put("numbers", numbers).toString());

        // Arrays.equals compares bits.
        assertThat(Arrays.equals(read.numbers("numbers", numbers.length), numbers)).isTrue();
    }

    @Test
    void unknownNamesAreRefused() {
        assertThatThrownBy(() -> Searchers.create("cma", NUMBERS, Functions.settings(1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no algorithm 'cma'");
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        List<Runnable> bad = new ArrayList<>();
        for (double sigma : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            bad.add(() -> new SearchSettings(1, sigma, OptionalInt.empty(), false, 1, 1));
        }
        bad.add(() -> new SearchSettings(1, 1, OptionalInt.of(1), false, 1, 1));
        bad.add(() -> new SearchSettings(1, 1, OptionalInt.of(10_001), false, 1, 1));
        bad.add(() -> new SearchSettings(1, 1, OptionalInt.empty(), false, 0, 1));
        bad.add(() -> Functions.settings(1, 0));

        assertThat(bad)
                .allSatisfy(settings ->
                        assertThatThrownBy(settings::run)
                                .isInstanceOf(IllegalArgumentException.class));
    }

    @Test
    void severalObjectivesAreForOthersThanCmaEs() {
        SearchSettings two = new SearchSettings(1, 1, OptionalInt.empty(), false, 2, 10);

        for (Space space : List.of(NUMBERS, SpaceTest.ALL_KINDS)) {
            assertThatThrownBy(() -> Searchers.create("cma-es", space, two))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("CMA-ES supports one objective");
        }
        assertThat(Searchers.create("nsga2", NUMBERS, two)).isInstanceOf(Nsga2.class);
    }
}
