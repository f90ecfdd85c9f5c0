package jmergekit.tokenizer.child;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads texts from standard input and writes their token ids to standard output.
///
/// In: the number of texts, and for each its length in bytes and the bytes, in UTF-8. Out: [#IDS],
/// for each text the number of its ids and the ids, and [#END]; or [#FAILURE], and the reason in
/// the format of a text. All numbers have 32 bits and are big-endian.
public final class TextEncoder {
    /// Precedes ids.
    public static final int IDS = 0x6a6d6964;

    /// Follows ids.
    public static final int END = 0x6a6d656e;

    /// Precedes a reason.
    public static final int FAILURE = 0x6a6d6661;

    private TextEncoder() {}

    /// @param args the path of the tokenizer.json
    public static void main(String[] args) throws IOException {
        List<String> texts = texts();
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out))) {
            try (HuggingFaceTokenizer tokenizer =
                    HuggingFaceTokenizer.newInstance(
                            Path.of(args[0]), Map.of("padding", "false", "truncation", "false"))) {
                List<long[]> ids = new ArrayList<>();
                for (String text : texts) {
                    ids.add(tokenizer.encode(text, false, false).getIds());
                }
                write(ids, out);
            } catch (IOException | RuntimeException e) {
                byte[] reason = String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8);
                out.writeInt(FAILURE);
                out.writeInt(reason.length);
                out.write(reason);
            }
        }
    }

    // Reads all texts before the native library is loaded: nobody waits for a process that hangs.
    private static List<String> texts() throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
        List<String> texts = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            texts.add(new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
        }
        return texts;
    }

    private static void write(List<long[]> all, DataOutputStream out) throws IOException {
        out.writeInt(IDS);
        for (long[] ids : all) {
            out.writeInt(ids.length);
            for (long id : ids) {
                out.writeInt(Math.toIntExact(id));
            }
        }
        out.writeInt(END);
    }
}
