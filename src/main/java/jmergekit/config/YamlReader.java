package jmergekit.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jmergekit.problem.Location;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Builds trees of `YamlNode` from the library's events, so that depth, aliases and duplicate keys
/// are checked while the text is read and hostile input cannot use excessive memory.
final class YamlReader {
    static final int LONGEST_TEXT = 1 << 20;
    private static final int DEEPEST = 50;
    private static final int MOST_VALUES = 100_000;
    private static final String TEXT_TAG = "tag:yaml.org,2002:str";
    private static final Set<String> TAGS =
            Set.of(
                    TEXT_TAG,
                    "!",
                    "tag:yaml.org,2002:int",
                    "tag:yaml.org,2002:float",
                    "tag:yaml.org,2002:bool",
                    "tag:yaml.org,2002:null",
                    "tag:yaml.org,2002:seq",
                    "tag:yaml.org,2002:map");

    private final SourceText source;
    private final Problems problems;
    private final Map<String, YamlNode> anchors = new HashMap<>();
    private final Iterator<Event> events;

    /// The end of the last value read, in code points.
    private int end;

    private YamlReader(SourceText source, Problems problems) {
        this.source = source;
        this.problems = problems;
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(source.name())
                        .setCodePointLimit(LONGEST_TEXT)
                        .setVersionFunction(version -> version)
                        .build();
        this.events = new Parse(settings).parseString(source.text()).iterator();
    }

    /// The non-empty documents of the text. Duplicate keys and similar problems are added to
    /// `problems`.
    ///
    /// @throws MergeException if the text is not YAML or is too large to be a recipe
    static List<YamlNode> documents(SourceText source, Problems problems) {
        if (source.text().length() > LONGEST_TEXT) {
            throw new MergeException(
                    Problem.usage(source.name(), "is too large for a recipe")
                            .expected("at most " + LONGEST_TEXT + " characters"));
        }
        try {
            return new YamlReader(source, problems).documents();
        } catch (MarkedYamlEngineException e) {
            throw new MergeException(YamlFault.problem(source, e), e);
        } catch (ReaderException e) {
            throw new MergeException(
                    Problem.recipe(
                                    source.atIndex(e.getPosition()),
                                    "a character that YAML does not allow")
                            .found("U+%04X".formatted(e.getCodePoint()))
                            .hint("remove it: a recipe is plain text"),
                    e);
        } catch (YamlEngineException e) {
            throw new MergeException(
                    Problem.recipe(source.start(), "not valid YAML").found(e.getMessage()), e);
        }
    }

    private List<YamlNode> documents() {
        List<YamlNode> documents = new ArrayList<>();
        while (events.hasNext()) {
            if (events.next().getEventId() == Event.ID.DocumentStart) {
                anchors.clear();
                YamlNode document = node(events.next(), 0);
                if (!document.isNull()) {
                    documents.add(document);
                }
            }
        }
        return documents;
    }

    private YamlNode node(Event event, int depth) {
        if (!(event instanceof CollectionStartEvent)) {
            end = index(event.getEndMark());
        }
        Location at = source.between(event.getStartMark(), event.getEndMark());
        if (depth > DEEPEST) {
            throw new MergeException(
                    Problem.recipe(at, "nested more than " + DEEPEST + " levels deep"));
        }
        YamlNode node =
                switch (event) {
                    case AliasEvent alias -> alias(alias.getAlias().getValue(), at);
                    case ScalarEvent scalar -> scalar(scalar, at);
                    case CollectionStartEvent start -> collection(start, at, depth);
                    default ->
                            throw new IllegalStateException("a value cannot start with " + event);
                };
        if (node.size() > MOST_VALUES) {
            throw new MergeException(
                    Problem.recipe(at, "too many values, counting each use of an alias")
                            .expected("at most " + MOST_VALUES));
        }
        anchor(event).ifPresent(name -> anchors.put(name, node));
        return node;
    }

    private static int index(Optional<Mark> mark) {
        return mark.orElseThrow().getIndex();
    }

    // A collection without brackets ends with its last value.
    private void close(CollectionStartEvent start, Event last) {
        if (start.isFlow()) {
            end = index(last.getEndMark());
        }
    }

    private static Optional<String> anchor(Event event) {
        return event instanceof NodeEvent node && !(event instanceof AliasEvent)
                ? node.getAnchor().map(anchor -> anchor.getValue())
                : Optional.empty();
    }

    private YamlNode alias(String name, Location at) {
        YamlNode node = anchors.get(name);
        if (node == null) {
            throw new MergeException(
                    Problem.recipe(at, "alias '*" + name + "' has no anchor before it")
                            .expected("a value marked '&" + name + "' that ends before it")
                            .found("none"));
        }
        return node;
    }

    private YamlNode scalar(ScalarEvent scalar, Location at) {
        String tag = scalar.getTag().orElse("");
        refuseUnknown(tag, at);
        boolean text = tag.equals(TEXT_TAG) || tag.equals("!");
        return new YamlNode.Scalar(scalar.getValue(), scalar.isPlain() && !text, at);
    }

    private YamlNode collection(CollectionStartEvent start, Location at, int depth) {
        refuseUnknown(start.getTag().orElse(""), at);
        return start.getEventId() == Event.ID.SequenceStart
                ? sequence(start, depth)
                : mapping(start, depth);
    }

    private void refuseUnknown(String tag, Location at) {
        if (!tag.isEmpty() && !TAGS.contains(tag)) {
            problems.add(
                    Problem.recipe(at, "tag '" + tag + "' has no meaning in a recipe")
                            .hint("remove it"));
        }
    }

    private YamlNode sequence(CollectionStartEvent start, int depth) {
        List<YamlNode> items = new ArrayList<>();
        int size = 1;
        Event event = events.next();
        for (; event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            YamlNode item = node(event, depth + 1);
            items.add(item);
            size = Math.min(MOST_VALUES + 1, size + item.size());
        }
        close(start, event);
        Location at = source.between(start.getStartMark(), event.getEndMark());
        return new YamlNode.Sequence(items, size, at);
    }

    private YamlNode mapping(CollectionStartEvent start, int depth) {
        MappingEntries entries = new MappingEntries(problems);
        int size = 1;
        Event event = events.next();
        for (; event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            Event keyEvent = event;
            YamlNode keyNode = node(keyEvent, depth + 1);
            Event valueEvent = events.next();
            YamlNode value = node(valueEvent, depth + 1);
            size = Math.min(MOST_VALUES + 1, size + value.size());
            if (!(keyNode instanceof YamlNode.Scalar key)) {
                problems.add(
                        Problem.recipe(keyNode.at(), "a key must be text")
                                .found(keyNode.description()));
                continue;
            }
            TextSpan span = new TextSpan(index(keyEvent.getStartMark()), end, "");
            entries.add(new YamlNode.Entry(key, value, anchor(valueEvent).isPresent(), span));
        }
        close(start, event);
        Location at = source.between(start.getStartMark(), event.getEndMark());
        String anchor = anchor(start).map(name -> "&" + name + " ").orElse("");
        TextSpan span = new TextSpan(index(start.getStartMark()), end, anchor);
        return YamlNode.Mapping.of(entries.all(), size, at, span);
    }
}
