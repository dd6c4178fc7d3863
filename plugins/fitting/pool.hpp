// Workspaces that the fits of a model share, so that in the steady state a fit allocates nothing.
//
// A model is called from many threads. Each fit borrows a workspace and gives it back. There are never more
// than fits that ran at once: one a thread. The lock is held for a push or a pop, twice a fit.
#ifndef FORECASTD_PLUGINS_FITTING_POOL_HPP
#define FORECASTD_PLUGINS_FITTING_POOL_HPP

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace fitting {

// Thread: any.
template <class Workspace>
class Pool {
  public:
    // make: a new workspace, all its memory allocated.
    explicit Pool(std::function<std::unique_ptr<Workspace>()> make) : make_(std::move(make)) {}

    // A workspace for as long as this lives.
    class Lease {
      public:
        explicit Lease(Pool& pool) : pool_(pool), workspace_(pool.take()) {}
        ~Lease() { pool_.give_back(std::move(workspace_)); }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        Workspace& operator*() const { return *workspace_; }
        Workspace* operator->() const { return workspace_.get(); }

      private:
        Pool& pool_;
        std::unique_ptr<Workspace> workspace_;
    };

    [[nodiscard]] Lease borrow() { return Lease(*this); }

  private:
    std::unique_ptr<Workspace> take() {
        {
            const std::lock_guard lock(mutex_);
            if (!free_.empty()) {
                auto workspace = std::move(free_.back());
                free_.pop_back();
                return workspace;
            }
        }
        return make_();
    }
    void give_back(std::unique_ptr<Workspace> workspace) {
        const std::lock_guard lock(mutex_);
        free_.push_back(std::move(workspace));
    }

    std::function<std::unique_ptr<Workspace>()> make_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Workspace>> free_;
};

}  // namespace fitting

#endif  // FORECASTD_PLUGINS_FITTING_POOL_HPP
