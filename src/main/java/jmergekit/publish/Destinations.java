package jmergekit.publish;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import jmergekit.s3.ObjectPath;
import jmergekit.s3.Stores;

/// Resolves the destination that a user gave: a folder, or `s3://bucket/prefix`.
///
/// @param stores the available store
/// @param staging makes a folder on this machine that nobody else uses, for output that goes to a
///     store
/// @param origin the place in the store of a file or folder that is read, if it comes from there
public record Destinations(
        Stores stores, Supplier<Path> staging, Function<Path, Optional<ObjectPath>> origin) {
    /// @param output as it was written
    /// @param folder the folder to use if the output is not in a store
    /// @param overwrite whether an earlier model there may be replaced
    /// @param sync whether the files in a folder are flushed to the disk
    /// @throws jmergekit.problem.MergeException if it is not a path, or the store cannot be reached
    public Destination of(String output, Supplier<Path> folder, boolean overwrite, boolean sync) {
        Optional<ObjectPath> object = ObjectPath.of(output);
        return object.isPresent()
                ? new StoreDestination(
                        stores.store(), object.get(), staging.get(), origin, overwrite)
                : Destination.of(OutputPlace.of(folder.get(), overwrite, sync), output);
    }

    /// The last part of the destination's name.
    public static String title(String output, Supplier<Path> folder) {
        return ObjectPath.of(output)
                .map(ObjectPath::name)
                .orElseGet(() -> String.valueOf(folder.get().getFileName()));
    }
}
