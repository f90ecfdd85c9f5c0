package jmergekit.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MarkdownTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama-base",
                "../models/llama-a",
                "org/Model-7B-v0.1@main+adapter",
                "a_b__c",
                "my model 2",
                "modèle",
                "a - b"
            })
    void ordinaryNamesStayAsTheyAre(String name) {
        assertThat(Markdown.inline(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*bold*|`*bold*`",
                "[x](y)|`[x](y)`",
                "<b>|`<b>`",
                "_x_|`_x_`",
                "a/_x|`a/_x`",
                "1.|`1.`",
                "1. x|`1. x`",
                "- x|`- x`",
                "+|`+`",
                "# x|`# x`",
                "a`b|``a`b``",
                "``|``` `` ```"
            })
    void whatMeansSomethingToMarkdownBecomesACodeSpan(String text, String expected) {
        assertThat(Markdown.inline(text)).isEqualTo(expected);
    }

    @Test
    void lineBreaksCannotBeginANewBlock() {
        assertThat(Markdown.inline("a\n# b")).isEqualTo("`a?# b`");
    }

    @Test
    void aVeryLongNameNeedsNoDeepStack() {
        String name = "a_b/".repeat(100_000) + "x";
        assertThat(Markdown.inline(name)).isEqualTo(name);
    }

    @Test
    void blockKeepsTheTextVerbatim() {
        assertThat(Markdown.block("yaml", "# c\na:  1\n")).isEqualTo("```yaml\n# c\na:  1\n```\n");
    }

    @Test
    void aMissingLastLineBreakIsAdded() {
        assertThat(Markdown.block("yaml", "a: 1")).isEqualTo("```yaml\na: 1\n```\n");
    }

    @Test
    void theFenceIsLongerThanAnyRunOfBackticks() {
        assertThat(Markdown.block("yaml", "a: |\n  ````\n"))
                .isEqualTo("`````yaml\na: |\n  ````\n`````\n");
    }
}
