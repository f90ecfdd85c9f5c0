package jmergekit.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomNode;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.InlineParserContext;
import org.commonmark.parser.Parser;
import org.commonmark.parser.beta.LinkInfo;
import org.commonmark.parser.beta.LinkProcessor;
import org.commonmark.parser.beta.LinkResult;
import org.commonmark.parser.beta.Scanner;

/// A Markdown text as GitHub renders it: its links, the anchors of its headings and its prose.
final class Markdown {
    /// Stands for code and for the name of another site in the prose.
    static final char OMITTED = '\uFFFC';

    /// A link or an image, as a text of its own or in HTML.
    ///
    /// @param line the number of its line, from 1
    record Target(int line, String destination) {}

    private static final Pattern FRONT_MATTER =
            Pattern.compile("\\A---\\n.*?^---$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern HTML_LINK = Pattern.compile("\\b(?:href|src)=\"([^\"]*)\"");
    private static final Pattern HTML_ANCHOR = Pattern.compile("\\b(?:id|name)=\"([^\"]+)\"");
    private static final Pattern BARE_URL = Pattern.compile("https?://[^\\s<>]*[^\\s<>.,;:!?)'\"]");

    private final List<Target> targets = new ArrayList<>();
    private final List<String> missingDefinitions = new ArrayList<>();
    private final List<Target> definitions = new ArrayList<>();
    private final Set<LinkReferenceDefinition> used = new HashSet<>();
    private final Set<String> anchors = new HashSet<>();
    private final List<Prose> prose = new ArrayList<>();

    private Markdown(Path file, String text) {
        Node document =
                Parser.builder()
                        .extensions(List.of(TablesExtension.create()))
                        .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
                        .linkProcessor(new References())
                        .build()
                        .parse(withoutFrontMatter(text));
        document.accept(new Links());
        document.accept(new Blocks(file));
    }

    static Markdown of(Path file, String text) {
        return new Markdown(file, text);
    }

    static Markdown read(Path file) throws IOException {
        return of(file, Files.readString(file));
    }

    /// The Markdown files of a project: those at its top, in the documentation, the examples and so
    /// on. Outputs of merges and fixtures of tests are left out.
    static List<Path> files(Path project) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> top = Files.list(project)) {
            top.filter(Files::isRegularFile).forEach(files::add);
        }
        for (String folder : List.of(".github", "docs", "examples", "scripts")) {
            if (Files.isDirectory(project.resolve(folder))) {
                try (Stream<Path> inside = Files.walk(project.resolve(folder))) {
                    inside.forEach(files::add);
                }
            }
        }
        return files.stream().filter(f -> f.toString().endsWith(".md")).sorted().toList();
    }

    private static String withoutFrontMatter(String text) {
        Matcher front = FRONT_MATTER.matcher(text);
        return front.find()
                ? "\n".repeat((int) front.group().lines().count() - 1) + text.substring(front.end())
                : text;
    }

    /// All links and images, those to other sites included.
    List<Target> targets() {
        return targets;
    }

    /// The labels of reference links without a definition.
    List<String> missingDefinitions() {
        return missingDefinitions;
    }

    /// The labels of definitions that no link uses.
    List<Target> unusedDefinitions() {
        return definitions;
    }

    /// What a link can name after `#`.
    Set<String> anchors() {
        return anchors;
    }

    /// The text of its paragraphs, headings and cells of tables, without code.
    List<Prose> prose() {
        return prose;
    }

    private static int line(Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (!at.getSourceSpans().isEmpty()) {
                return at.getSourceSpans().getFirst().getLineIndex() + 1;
            }
        }
        return 0;
    }

    /// Watches how references are resolved, and leaves that to the parser.
    private final class References implements LinkProcessor {
        @Override
        public LinkResult process(LinkInfo link, Scanner scanner, InlineParserContext context) {
            if (link.destination() == null) {
                String label = link.label();
                boolean isShort = label == null || label.isEmpty();
                LinkReferenceDefinition definition =
                        context.getDefinition(
                                LinkReferenceDefinition.class,
                                isShort ? link.text(scanner) : label);
                if (definition != null) {
                    used.add(definition);
                } else if (!isShort) {
                    missingDefinitions.add(label);
                }
            }
            return LinkResult.none();
        }
    }

    private final class Links extends AbstractVisitor {
        @Override
        public void visit(Link link) {
            targets.add(new Target(line(link), link.getDestination()));
            // An address as its own text is not found again.
            if (!(link.getFirstChild() instanceof Text text)
                    || !text.getLiteral().equals(link.getDestination())) {
                visitChildren(link);
            }
        }

        @Override
        public void visit(Image image) {
            targets.add(new Target(line(image), image.getDestination()));
            visitChildren(image);
        }

        @Override
        public void visit(Text text) {
            BARE_URL.matcher(text.getLiteral())
                    .results()
                    .forEach(m -> targets.add(new Target(line(text), m.group())));
        }

        @Override
        public void visit(HtmlInline html) {
            html(html, html.getLiteral());
        }

        @Override
        public void visit(HtmlBlock html) {
            html(html, html.getLiteral());
        }

        private void html(Node node, String text) {
            HTML_LINK
                    .matcher(text)
                    .results()
                    .forEach(m -> targets.add(new Target(line(node), m.group(1))));
            HTML_ANCHOR.matcher(text).results().forEach(m -> anchors.add(m.group(1)));
        }

        @Override
        public void visit(LinkReferenceDefinition definition) {
            if (!used.contains(definition)) {
                definitions.add(new Target(line(definition), definition.getLabel()));
            }
        }
    }

    /// The blocks that hold text.
    private final class Blocks extends AbstractVisitor {
        private final Path file;

        Blocks(Path file) {
            this.file = file;
        }

        @Override
        public void visit(Heading heading) {
            add(heading);
            String name = anchor(Words.of(heading, true));
            String unique = name;
            for (int i = 1; !anchors.add(unique); i++) {
                unique = name + "-" + i;
            }
        }

        @Override
        public void visit(Paragraph paragraph) {
            add(paragraph);
        }

        @Override
        public void visit(CustomNode node) {
            if (node instanceof TableCell) {
                add(node);
            } else {
                visitChildren(node);
            }
        }

        private void add(Node block) {
            prose.add(new Prose(file, line(block), Words.of(block, false)));
        }

        private static String anchor(String heading) {
            return heading.toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{M}\\p{N}\\p{Pc} -]", "")
                    .replace(' ', '-');
        }
    }

    /// The text of a block.
    private static final class Words extends AbstractVisitor {
        private final boolean withCode;
        private final StringBuilder words = new StringBuilder();

        private Words(boolean withCode) {
            this.withCode = withCode;
        }

        static String of(Node block, boolean withCode) {
            Words words = new Words(withCode);
            words.visitChildren(block);
            return words.words.toString();
        }

        @Override
        public void visit(Text text) {
            words.append(text.getLiteral());
        }

        @Override
        public void visit(Code code) {
            words.append(withCode ? code.getLiteral() : OMITTED);
        }

        @Override
        public void visit(Link link) {
            // What another site or work is called is not ours to spell.
            if (!withCode && link.getDestination().startsWith("https:")) {
                words.append(OMITTED);
            } else {
                visitChildren(link);
            }
        }

        @Override
        public void visit(SoftLineBreak end) {
            words.append('\n');
        }

        @Override
        public void visit(HardLineBreak end) {
            words.append('\n');
        }
    }
}
