package jmergekit.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectPathTest {
    @Test
    void theBucketEndsAtTheFirstSlash() {
        assertThat(ObjectPath.of("s3://bucket/models/a b/"))
                .hasValue(new ObjectPath("bucket", "models/a b"));
        assertThat(ObjectPath.of("s3://my.bucket-1")).hasValue(new ObjectPath("my.bucket-1", ""));
        assertThat(ObjectPath.of("models/a")).isEmpty();
        assertThat(ObjectPath.of("s3/bucket/a")).isEmpty();
    }

    @Test
    void pathsOfJavaAndCapitalsMeanTheSame() {
        ObjectPath expected = new ObjectPath("bucket", "a");
        assertThat(ObjectPath.of("s3:/bucket/a")).hasValue(expected);
        assertThat(ObjectPath.of("S3://bucket/a")).hasValue(expected);
    }

    @Test
    void childrenAreBelow() {
        ObjectPath model = new ObjectPath("bucket", "models/a");

        assertThat(model.child("x/y.json")).hasToString("s3://bucket/models/a/x/y.json");
        assertThat(new ObjectPath("bucket", "").child("x")).hasToString("s3://bucket/x");
        assertThat(model.prefix()).isEqualTo("models/a/");
        assertThat(model.name()).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "..", "a/../b", "/a", "a//b", "a/", "a/.", "a\\b", "a\nb", "C:x", "a?b"})
    void whatMayLeadOutOfAFolderIsNoKey(String key) {
        assertThat(ObjectPath.isSafe(key)).isFalse();
        assertThatThrownBy(() -> new ObjectPath("bucket", "models").child(key))
                .isInstanceOf(MergeException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://",
                "s3:///a",
                "s3://ab/x",
                "s3://a..b/x",
                "s3://-ab/x",
                "s3://a b/x",
                "s3://id:secret@host/x"
            })
    void whatIsNoBucketIsRefused(String text) {
        assertThatThrownBy(() -> ObjectPath.of(text))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("not a valid name of a bucket")
                .hasMessageNotContaining("secret");
    }
}
