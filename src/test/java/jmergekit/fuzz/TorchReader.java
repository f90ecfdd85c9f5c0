package jmergekit.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import jmergekit.fixture.PickleBytes;
import jmergekit.fixture.ZipBytes;
import jmergekit.torchfile.TorchHeader;

/// Checkpoints that PyTorch wrote, damaged anywhere, or in the pickle alone, in an archive that fits.
public final class TorchReader implements Reader {
    private static final List<byte[]> TOKENS = new ArrayList<>();

    static {
        TOKENS.addAll(
                Mutation.tokens(
                        ("( . 0 1 2 N \u0088 \u0089 ) t \u0085 \u0086 \u0087 ] l a e } d s u \u008f \u0090"
                                        + " \u0091 \u0094 R \u0081 b Q \u0093 h\0 h\1 h\7 q\0 q\u00ff"
                                        + " j\0\0\0\0 r\u00ff\u00ff\0\0 K\u00ff M\u00ff\u00ff"
                                        + " X\u00ff\u00ff\u00ff\u00ff U\2\u00ff\u00fe")
                                .split(" ")));
        for (long number : new long[] {-1, 0, 1L << 31, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE}) {
            TOKENS.add(new PickleBytes().number(number).bytes());
            TOKENS.add(new PickleBytes().tuple(number, number).bytes());
            TOKENS.add(new PickleBytes().op(0x8e).int64(number).bytes());
            TOKENS.add(new PickleBytes().int64(number).bytes());
        }
        for (String name :
                List.of("_rebuild_tensor_v2", "_rebuild_tensor_v3", "_rebuild_parameter")) {
            TOKENS.add(new PickleBytes().global("torch._utils", name).bytes());
        }
        TOKENS.add(new PickleBytes().global("torch._tensor", "_rebuild_from_type_v2").bytes());
        TOKENS.add(new PickleBytes().global("collections", "OrderedDict").bytes());
        TOKENS.add(new PickleBytes().global("torch", "float16").bytes());
        TOKENS.add(new PickleBytes().storage("torch", "ByteStorage", "0", 5).bytes());
        TOKENS.add(new PickleBytes().text("state_dict").bytes());
        TOKENS.add(new PickleBytes().text("model").bytes());
        TOKENS.add(new PickleBytes().global("some.package", "Class").bytes());
        TOKENS.add(new PickleBytes().global("copyreg", "_reconstructor").bytes());
        TOKENS.add(new PickleBytes().row("FloatStorage", "0", 24).bytes());
        TOKENS.addAll(Mutation.tokens("PK\1\2", "PK\3\4", "PK\5\6", "PK\6\6", "PK\6\7"));
    }

    private final Random random;
    private final Mutation mutation;
    private final List<byte[]> files = new ArrayList<>();
    private final List<Map<String, byte[]>> archives = new ArrayList<>();

    /// @param folder of undamaged checkpoints, `*.bin`, beside one of those of trainers, `loose`
    public TorchReader(Random random, Path folder) throws IOException {
        this.random = random;
        this.mutation = new Mutation(random, TOKENS);
        addSeeds(folder, ".bin");
        addSeeds(folder.resolveSibling("loose"), ".ckpt", ".pt", ".pth");
    }

    private void addSeeds(Path folder, String... suffixes) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path seed : all.sorted().toList()) {
                if (Arrays.stream(suffixes).anyMatch(seed.toString()::endsWith)) {
                    byte[] bytes = Files.readAllBytes(seed);
                    files.add(bytes);
                    if (bytes[0] == 'P') {
                        archives.add(members(seed));
                    }
                }
            }
        }
    }

    private static Map<String, byte[]> members(Path archive) throws IOException {
        Map<String, byte[]> members = new TreeMap<>();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (Enumeration<? extends ZipEntry> e = zip.entries(); e.hasMoreElements(); ) {
                ZipEntry entry = e.nextElement();
                members.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return members;
    }

    @Override
    public void write(Path file) throws IOException {
        if (random.nextBoolean()) {
            Files.write(file, mutation.of(files.get(random.nextInt(files.size()))));
            return;
        }
        ZipBytes zip = new ZipBytes();
        Map<String, byte[]> members = archives.get(random.nextInt(archives.size()));
        members.forEach((name, data) ->
                zip.add(name, name.endsWith("data.pkl") ? mutation.of(data) : data));
        (random.nextBoolean() ? zip.zip64() : zip).write(file);
    }

    @Override
    public TorchHeader read(Path file) {
        return random.nextBoolean() ? TorchHeader.read(file) : TorchHeader.readTraining(file);
    }
}
