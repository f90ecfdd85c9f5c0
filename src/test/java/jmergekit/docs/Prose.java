package jmergekit.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A piece of text for people. [Markdown#OMITTED] stands for code in it.
///
/// @param line the number of its first line in the file, from 1
record Prose(Path file, int line, String text) {
    private static final Pattern HASH_COMMENT =
            Pattern.compile("(?:^|(?<=\\s))#\\s[^\\n]*(?:\\n\\h*#[^\\n]*)*", Pattern.MULTILINE);

    /// The text of a project: its Markdown files, the comments and messages of its main sources,
    /// and the comments of scripts and examples.
    static List<Prose> of(Path project) throws IOException {
        List<Prose> prose = new ArrayList<>();
        for (Path file : Markdown.files(project)) {
            prose.addAll(Markdown.read(file).prose());
        }
        for (Path file : files(project.resolve("src/main/java"))) {
            prose.addAll(JavaText.of(file, Files.readString(file)));
        }
        List<Path> scripts = new ArrayList<>(files(project.resolve("scripts")));
        scripts.addAll(files(project.resolve("examples")));
        for (Path file : scripts) {
            String name = file.getFileName().toString();
            if (name.endsWith(".java")) {
                prose.addAll(JavaText.of(file, Files.readString(file)));
            } else if (!name.contains(".") || name.matches(".*\\.(?:sh|py|ya?ml)")) {
                prose.addAll(hashComments(file, Files.readString(file)));
            }
        }
        return prose;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    static List<Prose> hashComments(Path file, String text) {
        List<Prose> comments = new ArrayList<>();
        int line = 1;
        int counted = 0;
        for (MatchResult comment : HASH_COMMENT.matcher(text).results().toList()) {
            line += ends(text.substring(counted, comment.start()));
            counted = comment.start();
            String bare =
                    comment.group()
                            .replaceAll("(?m)^\\h*#", "")
                            .replaceAll("`[^`\\n]*`", String.valueOf(Markdown.OMITTED));
            comments.add(new Prose(file, line, bare));
        }
        return comments;
    }

    private static int ends(String text) {
        return (int) text.chars().filter(c -> c == '\n').count();
    }

    /// The place of a character of the text, as `FILE:LINE`.
    String place(int index) {
        return file + ":" + (line + ends(text.substring(0, index)));
    }
}
