package jmergekit.evolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import javax.xml.parsers.DocumentBuilderFactory;
import jmergekit.evaluate.Score;
import jmergekit.evaluate.Split;
import jmergekit.search.Point;
import jmergekit.search.Space;
import jmergekit.search.Variable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class SearchPageTest {
    private static final String HOSTILE = "</script><script>alert(1)</script>\u0000\"'&]]>";
    private static final String SHOWN = HOSTILE.replace('\u0000', '\uFFFD');

    private static Document page(SearchSummary summary) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(SearchPage.html(summary))));
    }

    private static List<String> texts(Document page, String element) {
        NodeList found = page.getElementsByTagName(element);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            texts.add(found.item(i).getTextContent());
        }
        return texts;
    }

    private static List<String> row(Document page, String table, String name) {
        NodeList tables = page.getElementsByTagName("table");
        for (int i = 0; i < tables.getLength(); i++) {
            Element element = (Element) tables.item(i);
            NodeList rows = element.getElementsByTagName("tr");
            for (int j = 0; j < rows.getLength(); j++) {
                String first = rows.item(j).getFirstChild().getTextContent();
                if (element.getFirstChild().getTextContent().equals(table) && first.equals(name)) {
                    List<String> cells = new ArrayList<>();
                    NodeList children = rows.item(j).getChildNodes();
                    for (int k = 1; k < children.getLength(); k++) {
                        cells.add(children.item(k).getTextContent().strip());
                    }
                    cells.removeIf(String::isEmpty);
                    return cells;
                }
            }
        }
        throw new AssertionError("no row " + name + " in " + table);
    }

    private static Evaluation evaluation(
            long number, Optional<String> baseline, double first, double loss, Point point) {
        return new Evaluation(
                number,
                baseline,
                Split.SEARCH,
                baseline.isPresent() ? Optional.empty() : Optional.of(point),
                Optional.empty(),
                OptionalDouble.of(first - loss),
                Map.of(
                        "first",
                        new Score(first, OptionalDouble.of(0.05), true, new double[0]),
                        "loss",
                        new Score(loss, OptionalDouble.empty(), false, new double[0])),
                1,
                1,
                Optional.empty(),
                OptionalLong.empty());
    }

    private static Evaluation failed(long number, String why) {
        return new Evaluation(
                number,
                Optional.empty(),
                Split.SEARCH,
                Optional.of(new Point(0.25)),
                Optional.empty(),
                OptionalDouble.empty(),
                Map.of(),
                1,
                1,
                Optional.of(why),
                OptionalLong.empty());
    }

    private static SearchSummary summary(
            List<Evaluation> evaluations, Optional<Long> winner, String text) {
        return new SearchSummary(
                text,
                Map.of(text, text),
                new Space(List.of(new Variable.Real(text, 0, 1, false, 0.5))),
                text,
                List.of("first", "loss"),
                evaluations,
                List.of(),
                winner,
                List.of(),
                List.of(text),
                Optional.of(text));
    }

    private static SearchSummary small() {
        Point point = new Point(0.75);
        return summary(
                List.of(
                        evaluation(0, Optional.of("words"), 0.5, 2, point),
                        evaluation(0, Optional.empty(), 0.25, 3, point),
                        failed(1, "no memory"),
                        evaluation(2, Optional.empty(), 0.625, 1.5, point)),
                Optional.of(2L),
                "a");
    }

    @Test
    void theVerdictComesFirst() throws Exception {
        Document page = page(SampleSearch.usual());

        assertThat(texts(page, "h1")).containsExactly("Search for a merge of math and words");
        assertThat(texts(page, "h2"))
                .containsExactly(
                        "Result",
                        "Models",
                        "Course of the search",
                        "Variables",
                        "Pareto front",
                        "Best candidates",
                        "Recipe",
                        "Failures",
                        "Settings");
        assertThat(texts(page, "p"))
                .startsWith("The winner is better than the best parent, words, beyond noise.");
    }

    @Test
    void modelsAreComparedTaskByTask() throws Exception {
        Document page = page(small());

        assertThat(row(page, "On the items of the search", "winner (2)"))
                .containsExactly("-0.875", "0.6250 ± 0.0500", "1.500");
        assertThat(row(page, "On the items of the search", "words"))
                .containsExactly("-1.500", "0.5000 ± 0.0500", "2.000");
    }

    @Test
    void theBestOfEachColumnIsBold() throws Exception {
        NodeList bold = page(small()).getElementsByTagName("strong");

        assertThat(bold.item(0).getTextContent()).startsWith("-0.87");
        assertThat(bold.item(2).getTextContent()).isEqualTo("1.500");
    }

    @Test
    void failuresHaveTheirReasons() throws Exception {
        Document page = page(small());

        assertThat(row(page, "Failed models and reasons", "candidate 1"))
                .containsExactly("no memory");
        assertThat(texts(page, "p")).contains("Candidates: 3, without a score: 1. Variables: 1.");
    }

    @Test
    void theVariablesOfTheWinnerAreListed() throws Exception {
        assertThat(row(page(small()), "All variables with the winner's values", "a"))
                .containsExactly("0 to 1", "0.5", "0.75", "0.75");
    }

    @Test
    void textIsShownAsItIsWhateverItSays() throws Exception {
        List<Evaluation> evaluations =
                List.of(
                        evaluation(0, Optional.of(HOSTILE), 0.5, 2, new Point(0.1)),
                        evaluation(0, Optional.empty(), 0.6, 1, new Point(0.2)),
                        failed(1, HOSTILE));
        Document page = page(summary(evaluations, Optional.of(0L), HOSTILE));

        assertThat(texts(page, "h1")).containsExactly(SHOWN);
        assertThat(texts(page, "pre")).containsExactly(SHOWN);
        assertThat(texts(page, "td")).contains(SHOWN);
        assertThat(texts(page, "script")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1", "1, 1, 1", "2, 18, 2", "30, 300, 3", "300, 18, 50", "10_000, 40, 2"})
    void searchesOfAllSizesHaveAPage(String evaluations, int variables, int tasks)
            throws Exception {
        int count = Integer.parseInt(evaluations.replace("_", ""));
        SearchSummary summary = new SampleSearch(count, variables, tasks).summary();
        String html = SearchPage.html(summary);

        assertThat(html.length()).isLessThan(3_000_000);
        assertThat(texts(page(summary), "h2")).contains("Result", "Models", "Course of the search");
    }

    @Test
    void ofManyVariablesTheMostChangedAreDrawn() throws Exception {
        Document page = page(new SampleSearch(60, 300, 1).summary());

        assertThat(texts(page, "p"))
                .contains(
                        "The charts show the 24 of 300 variables whose values among the best candidates are furthest from the start.");
    }

    @Test
    void aSearchWithoutAnySuccessHasAPage() throws Exception {
        Document page =
                page(summary(List.of(failed(0, "a"), failed(1, "b")), Optional.empty(), "x"));

        assertThat(texts(page, "p")).contains("No model has a score.");
        assertThat(texts(page, "figcaption")).startsWith("Objective over evaluations");
    }

    @Test
    void aLostCandidateLeavesTheOthersInSight() throws Exception {
        List<Evaluation> evaluations = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            double loss = i == 7 ? 1e9 : 1 + i * 0.01;
            evaluations.add(evaluation(i, Optional.empty(), 0.5, loss, new Point(0.5)));
        }
        Document page = page(summary(evaluations, Optional.of(0L), "x"));

        assertThat(texts(page, "p")).contains("Outside the axes, drawn at the edge: 1.");
    }
}
