package jmergekit.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GivenPathTest {
    @ParameterizedTest
    @CsvSource({
        "net.pt, /w, /w/net.pt, net.pt",
        "./runs/net.pt, /w/runs, /w/runs/net.pt, ./runs/net.pt",
        "/w/net.pt, /w, /w/net.pt, /w/net.pt",
        "a/x.bin.index.json, /w/a, /w/a/x-00001-of-00002.bin, a/x-00001-of-00002.bin",
        "x.bin.index.json, /w, /w/x-00001-of-00002.bin, x-00001-of-00002.bin",
        "runs, /w/runs, /w/runs/net.pt, runs/net.pt",
        "runs/, /w/runs, /w/runs/net.pt, runs/net.pt",
        "runs, /w/runs, /w/runs, runs",
        "org/name/sub/net.pt, /cache/0123, /cache/0123/sub/net.pt, org/name/sub/net.pt",
        "org/name, /cache/0123, /cache/0123/sub/net.pt, org/name/sub/net.pt",
        "net.pt, /w, /elsewhere/net.pt, /elsewhere/net.pt",
        "net.pt, /w, /worse/net.pt, /worse/net.pt"
    })
    void aFileIsCalledAsTheUserWroteIt(String written, Path folder, String file, String name) {
        assertThat(new GivenPath(written, folder).of(file)).isEqualTo(name);
    }
}
