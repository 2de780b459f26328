;; Does what a person would: waits for the diagnostic, applies the first remedy there, and saves.
(setq eglot-sync-connect 60)
(find-file "train.py")
(run-hooks 'post-command-hook) ; where `eglot-ensure' waits for the first command
(let ((tries 600))
  (while (and (> tries 0) (not (and (bound-and-true-p flymake-mode) (flymake-diagnostics))))
    (accept-process-output nil 0.1)
    (when (bound-and-true-p flymake-mode) (flymake-start))
    (setq tries (1- tries))))
(let* ((found (car (flymake-diagnostics)))
       (at (save-excursion
             (goto-char (flymake-diagnostic-beg found))
             (eglot--pos-to-lsp-position (point))))
       (actions (jsonrpc-request (eglot-current-server)
                                 :textDocument/codeAction
                                 (list :textDocument (eglot--TextDocumentIdentifier)
                                       :range (list :start at :end at)
                                       :context (list :diagnostics (vector))))))
  (message "%s" (flymake-diagnostic-text found))
  (let ((origin (and (> (car (func-arity #'eglot--apply-workspace-edit)) 1) '(nil)))) ; since Emacs 30
    (apply #'eglot--apply-workspace-edit (plist-get (aref actions 0) :edit) origin)))
(save-buffer)
