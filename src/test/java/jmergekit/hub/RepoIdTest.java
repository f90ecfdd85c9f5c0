package jmergekit.hub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepoIdTest {
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "org/name", "Foo-BAR_foo.bar123", "a/b.c", "123/4"})
    void namesAsTheHubHasThem(String text) {
        assertThat(RepoId.of(text)).contains(new RepoId(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/", "a/", "/a", "a/b/c", "..", "../a", "a/..", "a..b", "a--b", ".a", "a/.b",
                "a.", "-a", "a-", "a.git", "a b", "a\\b", "C:a", "a\n", "é/a", "a?b", "a%2Fb", "a@b"
            })
    void whatTheHubHasNot(String text) {
        assertThat(RepoId.of(text)).isEmpty();
    }

    @Test
    void partsHaveAtMost96Characters() {
        String longest = "a".repeat(96);

        assertThat(RepoId.of(longest + "/" + longest)).isPresent();
        assertThat(RepoId.of(longest + "a")).isEmpty();
        assertThat(RepoId.of(longest + "a/b")).isEmpty();
    }

    @Test
    void theFolderHasNoSlash() {
        assertThat(new RepoId("org/name").folder()).isEqualTo("models--org--name");
        assertThat(new RepoId("gpt2").folder()).isEqualTo("models--gpt2");
    }
}
