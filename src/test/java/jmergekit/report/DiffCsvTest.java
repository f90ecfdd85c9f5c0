package jmergekit.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiffCsvTest {
    @Test
    void everyTensorAndModelIsARow() {
        String csv = DiffCsv.text(SampleDifference.usual());

        assertThat(csv.split("\r\n")).hasSize(7);
        assertThat(csv)
                .startsWith(
                        "tensor,module,layer,part,model,reference_dtype,dtype,reference_shape,shape,identical,elements,norm,change,largest,largest_change,relative_change,cosine,norm_ratio,unchanged_share,sign_flip_share,outlier_ratio,kurtosis,headroom_bits,vanishing_share,nan,infinite,stable_rank,top_energy,rows_changed\r\n")
                .contains(
                        "\r\nmodel.layers.1.mlp.up_proj.weight,default,1,mlp.up_proj.weight,someone/words,BF16,BF16,2x1,2x1,false,2,0.0,5.0,0.0,4.0,1.0,,0.0,0.0,0.0,")
                .contains(",BF16,F32,2x1,3x1,false,2,")
                .endsWith(",0,0,1.5,1.0,\r\n");
    }

    private static String row(String text) {
        CsvText csv = new CsvText();
        csv.add(text);
        csv.add(1.5);
        csv.end();
        return csv.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "|cmd", "%0", "＝1+1"})
    void textThatASpreadsheetWouldCalculateIsText(String text) {
        assertThat(row(text)).isEqualTo("'" + text + ",1.5\r\n");
    }

    @Test
    void quotesCommasAndLineEndsAreQuoted() {
        assertThat(row("a,b")).isEqualTo("\"a,b\",1.5\r\n");
        assertThat(row("a\"b")).isEqualTo("\"a\"\"b\",1.5\r\n");
        assertThat(row("a\r\nb")).isEqualTo("\"a\r\nb\",1.5\r\n");
        assertThat(row("\n=1")).isEqualTo("\"'\n=1\",1.5\r\n");
        assertThat(row("\t=1")).isEqualTo("'\uFFFD=1,1.5\r\n");
        assertThat(row("a\u0000\u001bb")).isEqualTo("a\uFFFD\uFFFDb,1.5\r\n");
    }

    @Test
    void numbersThatAreNotFiniteAreEmpty() {
        CsvText csv = new CsvText();
        csv.add(Double.NaN);
        csv.add(Double.POSITIVE_INFINITY);
        csv.add(-0.5);
        csv.end();

        assertThat(csv).hasToString(",,-0.5\r\n");
    }
}
