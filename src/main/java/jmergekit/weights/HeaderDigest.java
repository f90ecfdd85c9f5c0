package jmergekit.weights;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// The hash of the tensors in a header, the same for each file format.
final class HeaderDigest {
    private HeaderDigest() {}

    static String of(List<TensorEntry> entries) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            StringBuilder line = new StringBuilder();
            for (TensorEntry entry : entries) {
                line.setLength(0);
                line.append(entry.spec().name()).append('\0');
                line.append(entry.spec().dtype().name());
                line.append(entry.spec().shape().dimensions()).append(entry.begin());
                entry.strides().ifPresent(s -> line.append(s.steps()));
                digest.update(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
            }
            return "sha256:" + HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
