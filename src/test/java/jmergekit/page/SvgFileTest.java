package jmergekit.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class SvgFileTest {
    private static final String HOSTILE = "</style><script>alert(1)</script>]]> & \u202e";

    private static String lines() {
        Series one = new Series(HOSTILE, Series.Style.LINE, 0, List.of(Mark.of(1, 1, "")));
        Series two = new Series("two", Series.Style.LINE, 7, List.of(Mark.of(1, 1, "")));
        Axis axis = new Axis(HOSTILE, Scale.of(0, 2));
        return SvgFile.of(
                new Plot(
                        HOSTILE, "what", Plot.Size.WIDE, axis, axis, List.of(one, two), List.of()));
    }

    private static Document parsed(String text) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    }

    @Test
    void aChartIsAFileOfItsOwn() throws Exception {
        Document file = parsed(lines());

        assertThat(file.getDocumentElement().getNamespaceURI())
                .isEqualTo("http://www.w3.org/2000/svg");
        assertThat(file.getDocumentElement().getAttribute("width")).isEqualTo("792");
        assertThat(file.getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo(HOSTILE.replace('\u202e', '\uFFFD'));
        assertThat(file.getElementsByTagName("script").getLength()).isZero();
    }

    @Test
    void everyProgramKnowsItsColours() throws Exception {
        assertThat(lines())
                .doesNotContain("var(", "light-dark(", "url(", "@import")
                .contains(".c0 { color: #0072b2; }")
                .contains("class=\"ground\"");
    }

    @Test
    void itHasALegendAndAKey() throws Exception {
        ColourScale colours = ColourScale.sequential(Scale.of(0, 1), "share");
        HeatMap map = new HeatMap("t", "d", List.of("a"), List.of("b"), List.of(new double[1]));

        assertThat(lines()).contains("class=\"line c1 dashed\" d=\"M1 7L21 7\"", ">two</text>");
        assertThat(SvgFile.of(map.coloured(colours))).contains(">share</text>", ">0.4</text>");
    }
}
